//go:build clients

package tour

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cli is the AWS command line, one process a call.
type cli struct{ program, endpoint, folder string }

func newCLI(t *testing.T, program, endpoint string) client {
	return cli{program, endpoint, t.TempDir()}
}

func (cli) close() error { return nil }

var (
	capital  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	occurred = regexp.MustCompile(`An error occurred \((\S+)\) when calling the \S+ operation[^:]*: ([\s\S]*)`)
)

// call is aws service operation --cli-input-json file://….
func (c cli) call(ctx context.Context, service, operation string, input any) (*reply, error) {
	text, err := json.Marshal(unmarked(input))
	if err != nil {
		return nil, err
	}
	in, payload := filepath.Join(c.folder, "input.json"), filepath.Join(c.folder, "payload")
	if err := os.WriteFile(in, text, 0o600); err != nil {
		return nil, err
	}
	arguments := []string{"--endpoint-url", c.endpoint, "--output", "json", "--no-paginate", service,
		strings.ToLower(capital.ReplaceAllString(operation, "$1-$2")), "--cli-input-json", "file://" + in}
	if operation == "Invoke" {
		arguments = append(arguments, payload) // it writes the function's answer to a file
	}
	out, problems, err := run(ctx, c.endpoint, c.program, arguments...)
	if said := occurred.FindStringSubmatch(problems); err != nil && said != nil {
		return &reply{Code: said[1], Message: strings.TrimSpace(said[2])}, nil
	}
	if err != nil {
		return nil, err
	}
	r := &reply{Output: map[string]any{}}
	if strings.TrimSpace(out) != "" {
		if err := json.Unmarshal([]byte(out), &r.Output); err != nil {
			return nil, fmt.Errorf("%w in %s", err, out)
		}
	}
	if operation == "Invoke" {
		answer, err := os.ReadFile(payload)
		r.Output.(map[string]any)["Payload"] = base64.StdEncoding.EncodeToString(answer)
		return r, err
	}
	return r, nil
}
