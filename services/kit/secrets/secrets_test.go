package secrets

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

func TestRead(t *testing.T) {
	answers := map[string]struct {
		status int
		body   string
	}{
		"sea-dev/lamp/KEY":    {200, `{"Name": "sea-dev/lamp/KEY", "SecretString": "s3cret"}`},
		"sea-dev/lamp/BINARY": {200, `{"Name": "sea-dev/lamp/BINARY", "SecretBinary": "AAEC"}`},
		"sea-dev/lamp/NONE":   {400, `{"__type": "ResourceNotFoundException", "Message": "Secrets Manager can't find the specified secret."}`},
		"sea-dev/lamp/OTHERS": {400, `{"__type": "AccessDeniedException", "Message": "no identity-based policy allows it"}`},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ SecretId string }
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil || r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" {
			t.Errorf("request %s: %v", r.Header.Get("X-Amz-Target"), err)
		}
		answer := answers[request.SecretId]
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(answer.status)
		_, _ = w.Write([]byte(answer.body))
	}))
	defer server.Close()
	cloud := aws.Config{BaseEndpoint: &server.URL, Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("id", "key", "")}
	for name, want := range map[string]string{
		"sea-dev/lamp/KEY":    "s3cret",
		"sea-dev/lamp/BINARY": errBinary.Error(),
		"sea-dev/lamp/NONE":   "create-secret --name sea-dev/lamp/NONE",
		"sea-dev/lamp/OTHERS": "no identity-based policy allows it",
	} {
		got, err := Read(context.Background(), cloud, name)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
