package simulation

import (
	"context"
	"math/rand/v2"
	"time"

	"example.com/troupe/events"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// poison puts events on the bus that no service can make anything of: data that breaks its
// contract, and an order in a currency that payments does not take.
func (w *world) poison(ctx context.Context) {
	rng := rand.New(rand.NewPCG(w.seed, 3))
	c := &customer{world: w, rng: rng}
	client := eventbridge.NewFromConfig(w.config(nil))
	for i := range rng.IntN(3) {
		c.wait(ctx, w.plan.shopping)
		id := events.DeriveID("poison", string(rune('a'+i)), 0)
		data, reason, parks := `{"orderId":"garbage"}`, "bad-contract", []string{"payments", "inventory", "orders"}
		if rng.IntN(2) == 0 {
			data, reason, parks = foreignOrder("foreign"+id), "unsupported currency", []string{"payments"}
		}
		w.facts.poisoned(id, reason, parks)
		envelope := `{"metadata":{"id":"` + id + `","type":"order.placed.v1","subject":"s","correlationId":"` + id +
			`","producer":"checkout","occurredAt":"` + time.Now().UTC().Format(time.RFC3339) + `"},"data":` + data + `}`
		_, err := client.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
			EventBusName: new("troupe-sim"), Source: new("checkout"), DetailType: new("order.placed.v1"), Detail: &envelope,
		}}})
		if err != nil {
			w.violate("poison can be put on the bus", "", "%v", err)
		}
	}
}

func foreignOrder(id string) string {
	return `{"orderId":"` + id + `","customerId":"c","email":"c@example.com","region":"eu","currency":"GBP","cardToken":"tok_ok",` +
		`"totalCents":1900,"lines":[{"sku":"poster","quantity":1,"unitPriceCents":1900}]}`
}
