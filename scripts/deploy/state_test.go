//go:build terraform

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/cli"
)

// bucket is as much of S3 as Terraform's backend asks for.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	locks   int // how often a lock was taken
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	content, there := b.objects[r.URL.Path]
	switch {
	case r.URL.Query().Has("list-type"):
		_, _ = io.WriteString(w, `<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>`)
	case r.Method == http.MethodPut && r.Header.Get("If-None-Match") == "*" && there:
		w.WriteHeader(http.StatusPreconditionFailed)
	case r.Method == http.MethodPut:
		if strings.HasSuffix(r.URL.Path, ".tflock") {
			b.locks++
		}
		b.objects[r.URL.Path], _ = io.ReadAll(r.Body)
		w.Header().Set("ETag", `"1"`)
	case r.Method == http.MethodDelete:
		delete(b.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code></Error>`)
	default:
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content)) // parts of it are asked for
	}
}

// team writes a backend for a team: a bucket for an environment.
func (r *checkout) team(url, env, name string) {
	r.write("terraform/backend.tf", `terraform {
  backend "s3" {
    use_lockfile                = true
    use_path_style              = true
    skip_credentials_validation = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_s3_checksum            = true
  }
}
`)
	r.write("terraform/env/"+env+".tfbackend", fmt.Sprintf("bucket = %q\nregion = \"eu-central-1\"\nendpoints = { s3 = %q }\n", name, url))
}

// TestTheStateMovesWithItsEnvironment takes an environment from a file of one machine to a team's bucket: it is never
// made a second time.
func TestTheStateMovesWithItsEnvironment(t *testing.T) {
	r := newCheckout(t)
	b := &bucket{objects: map[string][]byte{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)

	r.saw(r.run(cli.ExitUsage, "", "migrate-state", "-env", "dev"), "has no resources")
	r.run(0, "", "deploy", "-env", "dev", "-yes", "-no-smoke")
	made := r.state("dev")
	r.saw(r.run(cli.ExitUsage, "", "migrate-state", "-env", "dev"), "terraform/backend.tf keeps the state in a file")

	r.team(server.URL, "dev", "first")
	for _, command := range []string{"plan", "deploy", "destroy"} {
		r.saw(r.run(cli.ExitUsage, "", command, "-env", "dev"), fmt.Sprintf("terraform/state/dev.tfstate has %d resources of dev", made), "make migrate-state ENV=dev")
	}
	r.saw(r.run(0, "", "migrate-state", "-env", "dev"), fmt.Sprintf("%d resources of dev moved to the new state", made))
	if _, err := os.Stat(filepath.Join(r.root, "terraform/state/dev.tfstate")); !os.IsNotExist(err) {
		t.Errorf("the old state is still in its place: %v", err)
	}
	b.locks = 0
	r.saw(r.run(0, "", "plan", "-env", "dev", "-no-lock"), "Nothing changes.")
	if b.locks != 0 {
		t.Error("a plan without a lock took one")
	}
	if r.saw(r.run(0, "", "plan", "-env", "dev"), "Nothing changes."); b.locks != 1 {
		t.Errorf("a plan took %d locks", b.locks)
	}

	r.team(server.URL, "dev", "second")
	for range 2 {
		r.saw(r.run(cli.ExitUsage, "", "plan", "-env", "dev"), "the state of dev was in [s3 first], and in [s3 second] there is nothing")
	}
	b.mu.Lock()
	b.objects["/second/dev.tfstate"] = b.objects["/first/dev.tfstate"]
	b.mu.Unlock()
	r.saw(r.run(0, "", "plan", "-env", "dev"), "Nothing changes.")

	r.team(server.URL, "prod", "another-account")
	r.saw(r.run(0, "", "plan", "-env", "prod"), " to add, 0 to change")
	r.saw(r.run(0, "", "plan", "-env", "dev"), "Nothing changes.")
}

// TestWorkflowsKeepNoStateInAFile: a runner's files go with it.
func TestWorkflowsKeepNoStateInAFile(t *testing.T) {
	r := newCheckout(t)
	t.Setenv("CI", "true")
	for _, command := range []string{"deploy", "destroy"} {
		r.saw(r.run(cli.ExitUsage, "", command, "-env", "dev", "-yes"), "terraform/backend.tf keeps the state in a file, which is lost with this machine")
	}
	if n := r.state("dev"); n != 0 {
		t.Errorf("%d resources were made", n)
	}
}
