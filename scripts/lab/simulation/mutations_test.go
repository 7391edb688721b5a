//go:build mutations

package simulation

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mutation is a mistake that somebody could make in a file, and the invariants that fit it.
type mutation struct {
	name, file string
	old, new   string
	breaks     []string
}

const (
	oneEnd       = "an order has one end"
	settles      = "everything settles"
	once         = "an event is said once"
	told         = "a customer is told how the order ends"
	contents     = "an event has one content"
	ids          = "an event's id follows from its cause"
	letters      = "only poison ends in a dead-letter queue"
	deadLettered = "poison is dead-lettered"
	stock        = "stock is conserved"
	money        = "money is balanced"
	acked        = "an acknowledged request has its order"
	final        = "an order has one final state"
	effect       = "an event has its effect once"
	shipped      = "a confirmed order is shipped once"
	contrary     = "no event contradicts another"
)

// losing is what breaks where events or messages are lost.
var losing = []string{oneEnd, told, money, stock, final, shipped, deadLettered}

var mutations = []mutation{
	{
		"a message counts as done though its events are not out", "services/kit/host/consumer.go",
		"	}, d.step)\n	return err\n", "	}, d.step)\n	if errors.Is(err, unit.ErrUnpublished) {\n		return nil\n	}\n	return err\n", losing,
	},
	{
		"a repeat does not publish", "services/kit/unit/runner.go",
		"	return done.Record, r.publish(ctx, done.Record.Messages, step)", "	if repeated {\n		return done.Record, nil\n	}\n	return done.Record, r.publish(ctx, done.Record.Messages, step)", append(losing, acked),
	},
	{
		"a message that fails is acknowledged", "services/kit/host/consumer.go",
		"	return false\n}\n\n// deadLetter", "	return true\n}\n\n// deadLetter", losing,
	},
	{
		"a request is answered though its events are not out", "services/kit/web/unit.go",
		"	if err != nil {\n		return response{}, err\n	}\n	var answer", "	if err != nil && !errors.Is(err, unit.ErrUnpublished) {\n		return response{}, err\n	}\n	var answer", append(losing, acked),
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
		"		ConditionExpression: aws.String(isNew),\n		Item: item{\n", "		Item: item{\n", []string{contents, effect, stock, once},
	},
	{
		"documents have no condition", "services/kit/inbox/dynamostore/try.go",
		"		TableName: &s.table, ConditionExpression: &condition, ExpressionAttributeValues: values,\n		Item:", "		TableName: &s.table,\n		Item:",
		[]string{oneEnd, stock, money, contrary, final, once, told, effect},
	},
	{
		"the inbox finds no record", "services/kit/inbox/inbox.go",
		"if earlier != nil {", "if earlier != nil && false {", []string{letters, settles},
	},
	{
		"the publisher ignores the entries that failed", "events/bus/eventbridge.go",
		`results[i] = rejected(code, answer.ErrorMessage, code == "InternalFailure")`, "results[i] = result{}", append(losing, acked),
	},
	{
		"the publisher takes a call without an answer for accepted", "events/bus/send.go",
		"whole := result{err: err, transient: transient(err)}", "whole := result{}", append(losing, acked),
	},
	{
		"a refund is said and not made", "services/payments/internal/payment/payment.go",
		"	if err := d.Gateway.Cancel(ctx, cancelled.OrderID); err != nil {", "	if known {\n\t} else if err := d.Gateway.Cancel(ctx, cancelled.OrderID); err != nil {", []string{money},
	},
}

// TestMutations puts each mistake into a copy of its file and expects the simulation to find it.
func TestMutations(t *testing.T) {
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			broken, out := m.run(t)
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

// run builds the simulation with the mistake in it, and returns what it breaks first.
func (m mutation) run(t *testing.T) (invariant, out string) {
	folder := t.TempDir()
	program := filepath.Join(folder, "mutant")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-ldflags=-s -w", "-overlay", m.overlay(t, folder), "-o", program, ".")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, text)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestNothingIsLost$", "-sim.report", "-sim.shrink=false", "-sim.seeds=400", "-sim.orders=20")
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	text, err := cmd.CombinedOutput()
	if found := broke.FindSubmatch(text); err != nil && found != nil {
		return string(found[1]), string(text)
	}
	return "", string(text)
}

// overlay writes the mistaken copy, and what makes the go command take it.
func (m mutation) overlay(t *testing.T, folder string) (file string) {
	original, err := filepath.Abs(filepath.Join(root, m.file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), m.old) != 1 {
		t.Fatalf("%s has not once the text that is to be replaced: adapt the mutation\n%s", m.file, m.old)
	}
	mutant, file := filepath.Join(folder, "mutant.go"), filepath.Join(folder, "overlay.json")
	overlay, _ := json.Marshal(map[string]any{"Replace": map[string]string{original: mutant}}) // of strings
	for name, content := range map[string][]byte{mutant: []byte(strings.Replace(string(text), m.old, m.new, 1)), file: overlay} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file
}
