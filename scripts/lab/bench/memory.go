package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/trace"
)

// hourlyRate is the load that is projected: executions a second for an hour.
const hourlyRate = 20

// itemOverhead is what AWS adds to the size of each item for its place in a table (developer guide, "DynamoDB item
// sizes and formats").
const itemOverhead = 100

// kept is what this process holds at one time.
type kept struct {
	executions   int
	heap, tables float64 // bytes: of live objects, and the size that tables say that they have
}

// memory measures by how much the memory of cloud and console grows with each execution, once all that is bounded is
// full: logs, archive, and the console's executions. They run in this process, as make up runs them, so the heap after
// a garbage collection is theirs. What services own, in tables and queues, is deleted at the end, to see what it took.
// What grows for ten minutes only, such as the tokens of transactions, counts as if it grew for an hour.
func (r *session) memory(ctx context.Context) (err error) {
	if r.story == nil {
		r.progress("memory: skipped, since there is no story in %s", stories.DemoFolder)
		return nil
	}
	part, err := customersPart(r.story)
	if err != nil {
		return err
	}
	for _, line := range part.Lines {
		if slices.Contains([]string{"saw", "published"}, line.Verb) {
			return cli.Refuse("%s:%d: %s needs steps, which are not kept while memory is measured: choose another with -story", r.story.File, line.Number, line.Verb)
		}
	}
	stage, end, err := r.up(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	done := 0
	play := func(n int) (kept, error) {
		played, err := playMany(ctx, stage, part, n)
		if err != nil {
			return kept{}, err
		}
		done += played.executions
		return look(ctx, stage, done)
	}
	for done < r.scale.fill {
		r.progress("memory: filling, %d of %d", done, r.scale.fill)
		if _, err := play(min(r.scale.stories, r.scale.fill)); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	first, err := look(ctx, stage, done)
	if err != nil {
		return err
	}
	looks := []kept{first}
	for i := range r.scale.repeats {
		r.progress("memory of %s: %d of %d", r.story.Name, i+1, r.scale.repeats)
		now, err := play(r.scale.stories)
		if err != nil {
			return err
		}
		looks = append(looks, now)
	}
	if err := empty(ctx, stage); err != nil {
		return err
	}
	rest, err := look(ctx, stage, done)
	if err != nil {
		return err
	}
	r.report.memory(fmt.Sprintf("%s, %d customers", r.story.Name, customers), looks, rest)
	return nil
}

// empty deletes what services own: tables, and messages that are not due yet.
func empty(ctx context.Context, stage *stories.Stage) error {
	tables, queues := dynamodb.NewFromConfig(stage.Target.Config), sqs.NewFromConfig(stage.Target.Config)
	for _, name := range stage.Target.Tables {
		if _, err := tables.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			return fmt.Errorf("delete the table %s: %w", name, err)
		}
	}
	for service, of := range stage.Target.Queues {
		if _, err := queues.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &of.Main}); err != nil {
			return fmt.Errorf("purge the queue of %s: %w", service, err)
		}
	}
	return nil
}

// slope returns by how much a figure grows with each execution, by least squares: what is bounded goes up and down a
// little.
func slope(looks []kept, of func(kept) float64) float64 {
	var n, x, y, xx, xy float64
	for _, k := range looks {
		at := float64(k.executions)
		n, x, y, xx, xy = n+1, x+at, y+of(k), xx+at*at, xy+at*of(k)
	}
	return (n*xy - x*y) / (n*xx - x*x)
}

// up starts what make up starts. The returned function ends it.
func (r *session) up(ctx context.Context) (_ *stories.Stage, end func() error, err error) {
	settings, err := stories.Settings([]*stories.Story{r.story})
	if err != nil {
		return nil, nil, err
	}
	var from atomic.Pointer[source.Local]
	steps := &trace.Collector{Forget: true, OnStep: func(step events.Step) {
		if to := from.Load(); to != nil {
			to.Step(step)
		}
	}}
	s, err := stack.Start(ctx, stack.Options{Root: r.root, Log: r.problems, Environment: settings, Steps: steps})
	if err != nil {
		return nil, nil, err
	}
	stage, err := stories.On(ctx, s)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	from.Store(source.NewLocal(s.Tap(), s.Topology()))
	page, err := console.Start(console.Options{
		Addr: "127.0.0.1:0", Env: stack.Env, Declared: s.Declared(), Target: stage.Target, API: s.API,
		Source: from.Load(), Write: true, Payloads: console.Traced(s.Topology()),
	})
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return stage, func() error { return errors.Join(page.Close(), s.Close()) }, nil
}

// look collects the garbage and returns what is left, after a number of executions.
func look(ctx context.Context, stage *stories.Stage, executions int) (kept, error) {
	k := kept{executions: executions}
	client := dynamodb.NewFromConfig(stage.Target.Config)
	for _, name := range stage.Target.Tables {
		out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		if _, deleted := errors.AsType[*types.ResourceNotFoundException](err); deleted {
			continue
		}
		if err != nil {
			return k, err
		}
		k.tables += float64(aws.ToInt64(out.Table.TableSizeBytes) + itemOverhead*aws.ToInt64(out.Table.ItemCount))
	}
	runtime.GC()
	runtime.GC() // frees what a finalizer kept
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	k.heap = float64(m.HeapAlloc)
	return k, nil
}
