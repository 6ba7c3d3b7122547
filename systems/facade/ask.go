package facade

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/lab/web"
	"faultlab/systems/facade/logpb"
)

// How a facade speaks to the services behind it.

// postLog gives a message to the HTTP service.
func postLog(ctx context.Context, env lab.Env, client *http.Client, e history.Event) (*http.Response, []byte, error) {
	body, err := json.Marshal(map[string]string{"id": e.ID, "msg": e.Value})
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+weblog+"/log", bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	return web.Do(env, client, req, e)
}

// getLogs asks the gRPC service for its messages.
func getLogs(ctx context.Context, env lab.Env) ([]string, error) {
	conn, err := rpc.Dial(env, logging)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	list, err := logpb.NewLoggingServiceClient(conn).GetLogs(ctx, &logpb.Empty{})
	if err != nil {
		return nil, fmt.Errorf("ask %s for its messages: %w", logging, err)
	}
	return list.GetLogs(), nil
}

// getWeblog asks the HTTP service for its messages.
func getWeblog(ctx context.Context, env lab.Env, client *http.Client) ([]string, error) {
	body, err := getPage(ctx, env, client, weblog, "/log")
	if err != nil {
		return nil, err
	}
	var list logList
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("read the messages of %s: %w", weblog, err)
	}
	return list.Logs, nil
}

// getText asks the messages service for its text.
func getText(ctx context.Context, env lab.Env, client *http.Client) (string, error) {
	body, err := getPage(ctx, env, client, messages, "/message")
	return string(body), err
}

func getPage(ctx context.Context, env lab.Env, client *http.Client, node, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+node+path, nil)
	if err != nil {
		return nil, err
	}
	resp, body, err := web.Do(env, client, req, history.Event{})
	if err != nil {
		return nil, fmt.Errorf("get %s of %s: %w", path, node, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get %s of %s: %s", path, node, resp.Status)
	}
	return body, nil
}
