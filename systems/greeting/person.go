package greeting

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"faultlab/sim/lab"
)

// person is the document's client ("Client"): it asks whoever runs it for a
// name, prints the greeting and ends.
func person(ctx context.Context, env lab.Env, run caller) error {
	fmt.Fprint(env.Terminal(), "What's your name? ")
	typed, err := bufio.NewReader(env.Terminal()).ReadString('\n')
	if errors.Is(err, io.EOF) && typed == "" {
		return nil // nobody wants a greeting
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the name: %w", err)
	}
	answer, err := run(ctx, env, strings.TrimRight(typed, "\r\n"))
	if err != nil {
		return fmt.Errorf("no greeting came: %w", err)
	}
	env.Printf("Server response: %s", answer)
	return nil
}
