package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"

	"faultlab/sim/lab"
)

// Look gets a page of a node from outside, past all links and faults, and
// returns its body. Any other answer than 200 is an error.
func Look(ctx context.Context, o lab.Observer, node string, port int, path string) ([]byte, error) {
	body, err := look(ctx, o, node, port, path)
	if err != nil {
		return nil, fmt.Errorf("get %s of %s: %w", path, node, err)
	}
	return body, nil
}

func look(ctx context.Context, o lab.Observer, node string, port int, path string) ([]byte, error) {
	c, err := o.Dial(ctx, node, port)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+node+path, nil)
	if err != nil {
		return nil, err
	}
	req.Close = true
	if err := req.Write(c); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.200s", resp.Status, body)
	}
	return body, err
}
