package host

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCredentials(t *testing.T) {
	container := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"AccessKeyId": "of", "SecretAccessKey": "a", "Token": "task", "Expiration": "2999-01-01T00:00:00Z"}`)
	}))
	defer container.Close()
	for _, c := range []struct {
		name        string
		environment map[string]string
		key, says   string
	}{
		{"Lambda's", map[string]string{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SESSION_TOKEN": "token"}, "id/key/token", ""},
		{"a container's", map[string]string{"AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": container.URL}, "of/a/task", ""},
		{"no region", map[string]string{"AWS_ACCESS_KEY_ID": "id"}, "", "set AWS_REGION"},
		{"none", map[string]string{"AWS_REGION": "eu-central-1", "AWS_PROFILE": "mine"}, "", "aws configure export-credentials"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rt, err := newRuntime([]byte(`{"name": "lamp", "description": "For the test.", "runtime": "worker"}`), func(name string) string { return c.environment[name] })
			if err != nil {
				t.Fatal(err)
			}
			cloud, err := rt.loadAWS()
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("error = %v, want %s", err, c.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := cloud.Credentials.Retrieve(t.Context())
			if key := got.AccessKeyID + "/" + got.SecretAccessKey + "/" + got.SessionToken; err != nil || key != c.key {
				t.Errorf("credentials %s, %v", key, err)
			}
		})
	}
}
