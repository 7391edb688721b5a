package host

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestSecrets(t *testing.T) {
	const declaration = `{"name": "lamp", "description": "For the test.", "runtime": "worker", "secrets": {"KEY": "stand-in", "OTHER": "stand-in"}}`
	read := func(ctx context.Context, _ aws.Config, name string) (string, error) {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("reading a secret has no deadline")
		}
		if name == "sea-dev/lamp/KEY" {
			return "s3cret", nil
		}
		return "", errors.New("no such secret")
	}
	for _, test := range []struct {
		name, ask   string
		environment map[string]string
		options     []Option
		want        string // the secret, or a part of the error
	}{
		{"locally its stand-in", "KEY", map[string]string{"KEY": "stand-in"}, []Option{WithSecrets(read)}, "stand-in"},
		{"on AWS its value", "KEY", map[string]string{"SECRETS_PREFIX": "sea-dev/lamp/", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id"}, []Option{WithSecrets(read)}, "s3cret"},
		{"never the stand-in on AWS", "OTHER", map[string]string{"SECRETS_PREFIX": "sea-dev/lamp/", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id"}, []Option{WithSecrets(read)}, "the secret sea-dev/lamp/OTHER can't be read: no such secret"},
		{"no environment", "KEY", nil, []Option{WithSecrets(read)}, "set KEY in the environment, or SECRETS_PREFIX"},
		{"not declared", "PIN", nil, []Option{WithSecrets(read)}, "add it to \"secrets\""},
		{"no reader", "KEY", map[string]string{"KEY": "stand-in"}, nil, "pass host.WithSecrets(secrets.Read) to host.Main"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rt, err := newRuntime([]byte(declaration), func(name string) string { return test.environment[name] }, test.options...)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			err = rt.setUp(func(rt *Runtime) error { got = rt.Secret(test.ask); return nil })
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
