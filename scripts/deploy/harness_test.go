//go:build terraform

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/terraform/workspace"
)

// checkout is a deployable checkout: the fixture's declarations, this repository's Terraform code, and services that
// only print their names.
type checkout struct {
	*testing.T
	root     string
	registry string // host of the registry of images
	limit    int    // of functions that run at a time
	runs     string // the task definition that workers run; "" is that of the state
}

func newCheckout(t *testing.T) *checkout {
	t.Helper()
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := workspace.Find(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if !provider.Offline {
		t.Skip("the real provider can't apply without an account")
	}
	r := &checkout{T: t, root: fixture.Root(t), limit: 1000}
	if _, err := workspace.New(source, fixture.FS(), r.root, provider); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(r.root, "bin")), os.RemoveAll(filepath.Join(r.root, "terraform/env"))); err != nil {
		t.Fatal(err)
	}
	for env, more := range map[string]string{"dev": "", "prod": "protection = { enabled = true }\naccess = { public = true }\n"} { // whatever environments and names the repository has
		r.write("terraform/env/"+env+".tfvars", fmt.Sprintf("environment = %q\nproject = %q\nregion = \"us-east-1\"\n%s", env, stack.Project, more)) // the local cloud's region
	}
	declared, err := stack.Load(r.root)
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range declared.Services() {
		r.code(service, "1")
	}
	t.Chdir(r.root)
	for _, variable := range provider.Env() {
		if name, value, _ := strings.Cut(variable, "="); name == "TF_CLI_CONFIG_FILE" {
			t.Setenv(name, value)
		}
	}
	r.serve()
	return r
}

func (r *checkout) write(name, text string) {
	r.Helper()
	if err := workspace.Write(filepath.Join(r.root, name), text); err != nil {
		r.Fatal(err)
	}
}

// code writes a version of a service's code.
func (r *checkout) code(service, version string) {
	r.write("services/"+service+"/main.go", fmt.Sprintf("package main\n\nfunc main() { println(%q, %s) }\n", service, version))
}

// serve starts a substitute for AWS: the local cloud, and an image registry.
func (r *checkout) serve() {
	aws, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		if err := aws.Close(); err != nil {
			r.Error(err)
		}
	})
	rest := httptest.NewServer(http.HandlerFunc(r.rest))
	r.Cleanup(rest.Close)
	images := httptest.NewServer(nil)
	r.Cleanup(images.Close)
	r.registry = images.Listener.Addr().String()
	images.Config.Handler = imageHandler(images.URL)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": aws.Endpoint, "AWS_ENDPOINT_URL_ECR": images.URL, "AWS_ENDPOINT_URL_ECS": rest.URL, "AWS_ENDPOINT_URL_LAMBDA": rest.URL,
		"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1", "AWS_PROFILE": "", "CI": "",
		"TF_OFFLINE_ACCOUNT_ID": "000000000000", // that of the local cloud
	} {
		r.Setenv(name, value)
	}
}

// rest is what else the command asks AWS: Lambda's limits, and what ECS runs.
func (r *checkout) rest(w http.ResponseWriter, request *http.Request) {
	if strings.HasSuffix(request.URL.Path, "/account-settings") || strings.HasSuffix(request.URL.Path, "/account-settings/") {
		_, _ = fmt.Fprintf(w, `{"AccountLimit": {"ConcurrentExecutions": %d}}`, r.limit)
		return
	}
	var asked struct {
		Cluster  string
		Services []string
	}
	_ = json.NewDecoder(request.Body).Decode(&asked)
	text, _ := os.ReadFile(filepath.Join(r.root, "terraform/state", strings.TrimPrefix(asked.Cluster, stack.Project+"-")+".tfstate"))
	var state struct {
		Outputs map[string]struct{ Value json.RawMessage }
	}
	_ = json.Unmarshal(text, &state)
	planned := map[string]string{}
	_ = json.Unmarshal(state.Outputs["task_definitions"].Value, &planned)
	runs := planned[strings.TrimPrefix(asked.Services[0], asked.Cluster+"-")]
	deployments := []map[string]string{{"taskDefinition": runs, "rolloutState": "COMPLETED"}}
	if r.runs != "" {
		deployments = []map[string]string{{"taskDefinition": r.runs, "rolloutState": "COMPLETED"}, {"taskDefinition": runs, "rolloutState": "FAILED", "rolloutStateReason": "tasks failed to start"}}
		runs = r.runs
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]any{"services": []map[string]any{{"taskDefinition": runs, "deployments": deployments}}})
}

// imageHandler is ECR, as far as signing in goes, and a registry that lets in who has signed in.
func imageHandler(url string) http.Handler {
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		user, password, _ := request.BasicAuth()
		switch {
		case request.Header.Get("X-Amz-Target") == "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken":
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			_ = json.NewEncoder(w).Encode(map[string]any{"authorizationData": []map[string]string{{
				"authorizationToken": base64.StdEncoding.EncodeToString([]byte("AWS:secret")), "proxyEndpoint": url,
			}}})
		case user == "AWS" && password == "secret":
			images.ServeHTTP(w, request)
		default:
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}

// run runs the command, checks its exit code and returns its output.
func (r *checkout) run(code int, typed string, arguments ...string) string {
	r.Helper()
	var out bytes.Buffer
	if got := cli.Run(r.Context(), run, arguments, cli.Terminal{In: strings.NewReader(typed), Out: &out, Err: &out}); got != code {
		r.Fatalf("deploy %v ended with %d, not %d:\n%s", arguments, got, code, out.String())
	}
	return out.String()
}

// saw checks that an output contains the wanted texts.
func (r *checkout) saw(output string, wanted ...string) {
	r.Helper()
	for _, want := range wanted {
		if !strings.Contains(output, want) {
			r.Errorf("the output lacks %q:\n%s", want, output)
		}
	}
}

var toAdd = regexp.MustCompile(`\n(\d+) to add, 0 to change, 0 to replace, 0 to destroy\n`)

// toAdd returns how many resources a plan for a new environment creates.
func (r *checkout) toAdd(output string) int {
	r.Helper()
	found := toAdd.FindStringSubmatch(output)
	if found == nil {
		r.Fatalf("the output lacks the number to add, or the plan does more:\n%s", output)
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// stateText returns the environment's state.
func (r *checkout) stateText(env string) string {
	r.Helper()
	text, err := os.ReadFile(filepath.Join(r.root, "terraform/state", env+".tfstate"))
	if err != nil {
		r.Fatal(err)
	}
	return string(text)
}

// state returns how many resources the environment's state holds.
func (r *checkout) state(env string) int {
	r.Helper()
	text, err := os.ReadFile(filepath.Join(r.root, "terraform/state", env+".tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	if err != nil {
		r.Fatal(err)
	}
	var state struct {
		Resources []struct{ Mode string }
	}
	if err := json.Unmarshal(text, &state); err != nil {
		r.Fatal(err)
	}
	return len(state.Resources)
}
