//go:build mutations

package mutations

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/lab/fixture"
	"example.com/troupe/scripts/lab/overlay"
)

// mutation is a plausible bug in a file, and the invariants that may reveal it.
type mutation struct {
	name, file string
	old, new   string
	breaks     []string
}

const (
	settles      = "everything settles"
	contents     = "an event has one content"
	ids          = "an event's id follows from its cause"
	letters      = "only poison ends in a dead-letter queue"
	deadLettered = "poison is dead-lettered"

	// Those of the observatory.
	known  = "an observation that was accepted is known"
	oneEnd = "an observation has one end"
	slots  = "slots are conserved"
	slot   = "an observation that stands has a slot"
	taken  = "an exposure is taken once for each completed observation"
	letter = "one letter is written about each end"
)

// losing are the invariants that lost events or messages violate.
var losing = []string{known, oneEnd, slot, taken, letter, deadLettered}

var mutations = []mutation{
	{
		"a message counts as done though its events are not out", "services/kit/host/consumer.go",
		"	c.breaker.note(ctx, err, permanent)\n	return err\n", "	c.breaker.note(ctx, err, permanent)\n	if errors.Is(err, unit.ErrUnpublished) {\n		return nil\n	}\n	return err\n", losing,
	},
	{
		"a repeat does not publish", "services/kit/unit/runner.go",
		"	return done.Record, r.publish(ctx, done.Record, step)", "	if repeated {\n		return done.Record, nil\n	}\n	return done.Record, r.publish(ctx, done.Record, step)", losing,
	},
	{
		"a message that fails is acknowledged", "services/kit/host/consumer.go",
		"	return false\n}\n\n// deadLetter", "	return true\n}\n\n// deadLetter", losing,
	},
	{
		"a request is answered though its events are not out", "services/kit/web/unit.go",
		"	if err != nil {\n		return response{}, err\n	}\n	var answer", "	if err != nil && !errors.Is(err, unit.ErrUnpublished) {\n		return response{}, err\n	}\n	var answer", losing,
	},
	{
		"a worker deletes a message before it handles it", "services/kit/host/worker.go",
		"	if w.deliver(ctx, m) {\n", "	w.done <- m.receipt\n	if w.deliver(ctx, m) {\n", losing,
	},
	{
		"a function does not say which messages failed", "services/kit/host/lambda.go",
		"response.BatchItemFailures = append(response.BatchItemFailures, lambdaevents.SQSBatchItemFailure{ItemIdentifier: m.id})", "_ = m", losing,
	},
	{
		"ids are random", "services/kit/eventing/tx.go",
		`events.DeriveID(cause.Event.Metadata.ID, cause.Producer+"/"+cause.Handler, len(tx.messages))`, "events.NewID()", []string{ids},
	},
	{
		"the inbox has no condition", "services/kit/inbox/dynamostore/try.go",
		"		ConditionExpression: aws.String(isNew),\n		Item: item{\n", "		Item: item{\n", []string{contents, slots, oneEnd, letter},
	},
	{
		"documents have no condition", "services/kit/inbox/dynamostore/try.go",
		"		TableName: &s.table, ConditionExpression: &condition, ExpressionAttributeValues: values, Item: document,", "		TableName: &s.table, Item: document,",
		[]string{known, oneEnd, slots, slot, taken, letter},
	},
	{
		"the inbox finds no record", "services/kit/inbox/inbox.go",
		"if earlier != nil {", "if earlier != nil && false {", []string{letters, settles},
	},
	{
		"the publisher ignores the entries that failed", "events/bus/eventbridge.go",
		`results[i] = rejected(code, answer.ErrorMessage, code == "InternalFailure")`, "results[i] = result{}", losing,
	},
	{
		"the publisher takes a call without an answer for accepted", "events/bus/send.go",
		"whole := result{err: err, transient: transient(err)}", "whole := result{}", losing,
	},
}

// TestMutations applies each mutation to a copy of its file and checks that the simulation finds it.
func TestMutations(t *testing.T) {
	root := fixture.Tree(t, "observatory")
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			broken, out := m.run(t, root)
			switch {
			case broken == "":
				t.Errorf("not caught:\n%s", out)
			case !slices.Contains(m.breaks, broken):
				t.Errorf("caught by %q, which does not fit:\n%s", broken, out)
			default:
				t.Logf("caught by %q after %d seeds", broken, strings.Count(out, ": trace "))
			}
		})
	}
}

var broke = regexp.MustCompile(`must always hold:\n  ([^:]+):`)

// run builds and runs the simulation with the mutation, and returns the first violated invariant.
func (m mutation) run(t *testing.T, root string) (invariant, out string) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), m.old) != 1 {
		t.Fatalf("%s has not once the text that is to be replaced: adapt the mutation\n%s", m.file, m.old)
	}
	program := filepath.Join(t.TempDir(), "mutant")
	changed := map[string][]byte{m.file: []byte(strings.Replace(string(text), m.old, m.new, 1))}
	if err := overlay.Build(t.Context(), root, "./simulation", program, changed); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestNothingIsLost$", "-sim.report", "-sim.shrink=false", "-sim.seeds=400", "-sim.customers=20")
	cmd.Dir = filepath.Join(root, overlay.Lab, "simulation")
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	ran, err := cmd.CombinedOutput()
	if found := broke.FindSubmatch(ran); err != nil && found != nil {
		return string(found[1]), string(ran)
	}
	return "", string(ran)
}
