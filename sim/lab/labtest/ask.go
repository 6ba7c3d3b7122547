package labtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"faultlab/sim/lab"
)

// Closed is what Ask returns for a connection that ends without an answer.
const Closed = "closed"

// Ask sends bytes to a node as they are, for no HTTP client sends what no client
// should, and returns the status and the body of the answer: `200 ACK 7`. It
// waits longer than any service should.
func Ask(ctx context.Context, env lab.Env, to, bytes string) (answer string, err error) {
	c, err := env.Dial(ctx, to)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if _, err := io.WriteString(c, bytes); err != nil {
		return "", err
	}
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return "", err
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Closed, nil
	}
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return fmt.Sprintf("%d %s", resp.StatusCode, strings.TrimSpace(string(body))), err
}

// AskAll asks one request after the other, each on a connection of its own.
func AskAll(ctx context.Context, env lab.Env, to string, requests ...string) (answers []string, err error) {
	for _, request := range requests {
		answer, err := Ask(ctx, env, to, request)
		if err != nil {
			return nil, fmt.Errorf("%.80q: %w", request, err)
		}
		answers = append(answers, answer)
	}
	return answers, nil
}
