package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// TestSmoke sends an order through the real services, in the local cloud, and follows it by their logs.
func TestSmoke(t *testing.T) {
	root, err := stack.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	running, err := stack.Start(t.Context(), stack.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	}()
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	wired, err := declared.Topology(topology.Names{Project: stack.Project, Env: stack.Env}, nil)
	if err != nil {
		t.Fatal(err)
	}
	where := outputs{Region: endpoint.Region, APIURL: running.API + "/", LogGroups: map[string]string{}}
	for _, service := range wired.Services {
		where.LogGroups[service.Name] = service.LogGroup
	}
	var out bytes.Buffer
	d := &deployment{declared: declared, Terminal: cli.Terminal{Out: &out}, cfg: endpoint.At(running.Endpoint)}
	if err := d.smoke(t.Context(), where); err != nil || !strings.Contains(out.String(), "The order went through, in ") {
		t.Errorf("%v, after:\n%s", err, out.String())
	}
}

func TestSmokeKnowsWhatItWaitsFor(t *testing.T) {
	var out bytes.Buffer
	d := &deployment{declared: &stack.Declared{}, Terminal: cli.Terminal{Out: &out}}
	if err := d.smoke(t.Context(), outputs{}); err != nil || !strings.Contains(out.String(), "No smoke test: it needs a service that answers POST /orders") {
		t.Errorf("without services: %v, after %s", err, out.String())
	}
	d.declared.Manifests = []*manifest.Manifest{
		{Name: "shop", HTTP: []string{smokeRoute}},
		{Name: "told", Subscribes: []manifest.Subscription{{Event: lastFact}}},
	}
	if got := d.hearing(lastFact); !cmp.Equal(got, []string{"told"}) {
		t.Errorf("it waits for %v", got)
	}
}

func TestPlaceOrder(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusAccepted:     "",
		http.StatusUnauthorized: "set API_TOKEN",
		http.StatusBadRequest:   "status 400: no",
	} {
		var authorization string
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			authorization = r.Header.Get("Authorization")
			w.Header().Set("X-Correlation-Id", "c-1")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("no"))
		}))
		t.Setenv("API_TOKEN", "token")
		correlation, err := placeOrder(t.Context(), api.URL)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) || err == nil && correlation != "c-1" || authorization != "Bearer token" {
			t.Errorf("answered with %d: %q, %v, sent with %q", status, correlation, err, authorization)
		}
		api.Close()
	}
}
