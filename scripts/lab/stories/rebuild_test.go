package stories_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
)

// TestRebuild drops a read model and makes it anew while events keep arriving, after a first attempt was killed.
func TestRebuild(t *testing.T) {
	if os.Getenv("TROUPE_ENDPOINT") != "" {
		t.Skip("other endpoints need not have archives, logs and functions")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	folder := tree(t, "almanac")
	for _, service := range observatory.Declared().Services() { // the test itself publishes what the almanac listens to
		if err := os.RemoveAll(filepath.Join(folder, "services", service)); err != nil {
			t.Fatal(err)
		}
	}
	at, err := start(ctx, stack.Options{Root: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, at)
	a := &almanac{t: t, ctx: ctx, at: at, command: buildCommand(t, at, "rebuild"), folder: folder, heard: map[string]int{}}
	for range 25 {
		a.observe()
	}
	a.settle()
	a.want("at first")

	slow := faults.Fault{Kind: faults.Slow, Service: "dynamodb", Operation: "BatchWriteItem", LatencyMs: 250} // what drops: so events arrive in between
	if err := inject.New(at.Config()).Put(ctx, slow); err != nil {
		t.Fatal(err)
	}
	a.spoil()
	a.says(0, []string{"-dry-run"}, "almanac keeps 26 documents and 50 records", "50 events of the bus", "25  observation.withdrawn.v1", "dry run")
	a.says(2, nil, "you did not type yes") // stdin is empty
	a.killed()
	a.says(0, []string{"-yes", "-from", "-1h"}, "Replay ", "almanac keeps ", "documents; before it was ")
	a.settle()
	a.want("made anew")
}

// almanac is a read model, and what it should keep: how many events there were by observation.
type almanac struct {
	t       *testing.T
	ctx     context.Context
	at      *stack.Stack
	command command
	folder  string
	heard   map[string]int
	next    int // of again
}

// observe publishes the two events of a new observation.
func (a *almanac) observe() {
	a.t.Helper()
	message := example(a.t, a.at, "observation.requested.v1", map[string]any{"site": "ridge", "night": fmt.Sprintf("2026-05-%02d", 1+len(a.heard)%28)})
	id := message.Envelope.Metadata.Subject
	publish(a.ctx, a.t, a.at, message)
	publish(a.ctx, a.t, a.at, example(a.t, a.at, "observation.withdrawn.v1", map[string]any{"observationId": id}))
	a.heard[id] = 2
}

// again publishes another event of an observation that may be there.
func (a *almanac) again() {
	a.t.Helper()
	ids := slices.Sorted(maps.Keys(a.heard))
	id := ids[a.next%len(ids)]
	a.next++
	publish(a.ctx, a.t, a.at, example(a.t, a.at, "observation.withdrawn.v1", map[string]any{"observationId": id}))
	a.heard[id]++
}

func (a *almanac) settle() {
	a.t.Helper()
	if _, err := a.at.Watch().Wait(a.ctx); err != nil {
		a.t.Fatal(err)
	}
}

// want compares what the API lists, page by page, with what was published.
func (a *almanac) want(when string) {
	a.t.Helper()
	got, order, after := map[string]int{}, []string{}, ""
	for {
		response, err := http.Get(a.at.API + "/sites/ridge/observations?after=" + after)
		if err != nil {
			a.t.Fatal(err)
		}
		var page struct {
			Entries []struct {
				ID, Night string
				Heard     int
			}
			Next string
		}
		err = json.NewDecoder(response.Body).Decode(&page)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			a.t.Fatalf("%s: %s, %v", when, response.Status, err)
		}
		for _, e := range page.Entries {
			got[e.ID], order = e.Heard, append(order, e.Night)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if !maps.Equal(got, a.heard) || !slices.IsSortedFunc(order, func(a, b string) int { return strings.Compare(b, a) }) {
		a.t.Errorf("%s there are %d observations of %d, in the order %v: %v; want %v", when, len(got), len(a.heard), order, got, a.heard)
	}
}

// spoil changes a document and adds another, both found.
func (a *almanac) spoil() {
	a.t.Helper()
	client, table := dynamodb.NewFromConfig(a.at.Config()), a.at.Topology().Names.Service("almanac")
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	for _, id := range []string{"stray", slices.Sorted(maps.Keys(a.heard))[0]} {
		_, err := client.PutItem(a.ctx, &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{
			"pk": text("doc#entry/" + id), "version": &types.AttributeValueMemberN{Value: "1"}, "body": text(`{"id":"` + id + `","site":"ridge","heard":99}`),
			"by-site": text("ridge"), "order-site": text("\x00entry/" + id),
		}})
		if err != nil {
			a.t.Fatal(err)
		}
	}
}

// killed starts a rebuild and kills it when it has dropped everything and its replay has begun. Then events arrive,
// which the paused service or the running one gets.
func (a *almanac) killed() {
	a.t.Helper()
	cmd := a.build("-yes")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		a.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Replay ") {
		a.again()
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	a.observe()
}

// says runs a rebuild, during which more events arrive, and checks its exit code and output.
func (a *almanac) says(code int, arguments []string, parts ...string) {
	a.t.Helper()
	cmd := a.build(arguments...)
	var printed strings.Builder
	cmd.Stdout, cmd.Stderr = &printed, &printed
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-time.After(pollEvery):
			if slices.Contains(arguments, "-yes") && a.next < 150 {
				a.again()
			}
		}
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		a.t.Errorf("rebuild %q: exit %d, want %d\n%s", arguments, got, code, &printed)
	}
	for _, part := range parts {
		if !strings.Contains(printed.String(), part) {
			a.t.Errorf("rebuild %q does not say %q:\n%s", arguments, part, &printed)
		}
	}
}

func (a *almanac) build(arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(a.ctx, a.command.path, append([]string{"-service", "almanac"}, arguments...)...)
	cmd.Dir, cmd.Env = a.folder, append(os.Environ(), "AWS_ENDPOINT_URL="+a.at.Endpoint)
	return cmd
}
