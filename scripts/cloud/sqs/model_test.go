package sqs_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"example.com/localcloud/sqs"
)

// modelled is a message as a queue without heaps would store it.
type modelled struct {
	body    string
	expires time.Time
	hidden  time.Time // end of the visibility timeout or delay
	delayed bool
	handle  string
}

// TestAgainstAModel sends, receives, hides, deletes and waits at random, and compares each response with a plain
// list.
func TestAgainstAModel(t *testing.T) {
	for seed := range uint64(20) {
		inTime(t, func(b bench) { runModel(b, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func runModel(b bench, random *rand.Rand) {
	b.queue("q", "MessageRetentionPeriod", "60", "VisibilityTimeout", "7")
	model := []*modelled{}
	for step := range 300 {
		now := time.Now()
		switch random.IntN(6) {
		case 0, 1:
			delay := random.IntN(3) * 2
			body := fmt.Sprint(step)
			if _, err := b.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: "q", Sending: sqs.Sending{MessageBody: body, DelaySeconds: &delay}}); err != nil {
				b.Fatal(err)
			}
			model = append(model, &modelled{body: body, expires: now.Add(time.Minute), hidden: now.Add(time.Duration(delay) * time.Second), delayed: delay > 0})
		case 2:
			for _, m := range b.receive("q", 0) {
				known := find(model, func(k *modelled) bool { return k.body == m.Body })
				if known == nil || known.hidden.After(now) {
					b.Fatalf("received %s, which is hidden or gone", m.Body)
				}
				known.handle, known.hidden, known.delayed = m.ReceiptHandle, now.Add(7*time.Second), false
			}
		case 3, 4:
			m := find(model, func(k *modelled) bool { return k.handle != "" && k.hidden.After(now) })
			if m == nil {
				continue
			}
			if random.IntN(2) == 0 {
				b.hide("q", sqs.Message{ReceiptHandle: m.handle}, 3)
				m.hidden = now.Add(3 * time.Second)
				continue
			}
			b.delete("q", sqs.Message{ReceiptHandle: m.handle})
			model = slices.DeleteFunc(model, func(k *modelled) bool { return k == m })
		case 5:
			time.Sleep(time.Duration(random.IntN(4000)) * time.Millisecond)
		}
		model = slices.DeleteFunc(model, func(k *modelled) bool { return !k.expires.After(time.Now()) })
		b.counts("q", countsOf(model))
	}
}

func find(model []*modelled, want func(*modelled) bool) *modelled {
	if at := slices.IndexFunc(model, want); at >= 0 {
		return model[at]
	}
	return nil
}

func countsOf(model []*modelled) string {
	visible, flying, delayed := 0, 0, 0
	for _, m := range model {
		switch {
		case !m.hidden.After(time.Now()):
			visible++
		case m.delayed:
			delayed++
		default:
			flying++
		}
	}
	return fmt.Sprintf("%d %d %d", visible, flying, delayed)
}
