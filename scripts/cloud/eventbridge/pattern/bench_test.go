package pattern

import (
	"fmt"
	"testing"
)

// benchmarkRules returns rules like those of many services on one bus: each selects one type of event, and most also
// one or two values inside it.
func benchmarkRules(n int) []*Pattern {
	var patterns []*Pattern
	for i := range n {
		service, kind := i%50, i%200
		detail := []string{
			`"data":{"region":["eu","us"]}`,
			fmt.Sprintf(`"data":{"customerId":["customer-%d"]}`, i),
			`"data":{"reason":[{"anything-but":"payment_declined"}]}`,
			`"data":{"totalCents":[{"numeric":[">",1000,"<=",500000]}]}`,
			`"data":{"lines":{"sku":[{"prefix":"SKU-1"}],"quantity":[{"numeric":[">=",2]}]}}`,
			`"metadata":{"producer":[{"exists":true}]},"data":{"email":[{"suffix":"@example.com"}]}`,
			`"$or":[{"data":{"currency":["EUR"]}},{"data":{"totalCents":[{"numeric":[">",100000]}]}}]`,
			`"data":{"email":[{"wildcard":"*@*.example.*"}]}`,
		}[i%8]
		p, err := Compile(fmt.Appendf(nil, `{"source":["service-%d"],"detail-type":["thing.happened.%d.v1"],"detail":{%s}}`, service, kind, detail))
		if err != nil {
			panic(err)
		}
		patterns = append(patterns, p)
	}
	return patterns
}

// benchmarkEvent returns an event of about 800 bytes, like those that such services publish.
func benchmarkEvent(i int) []byte {
	return fmt.Appendf(nil, `{"version":"0","id":"6f87d04b-9f74-4f04-a780-7acf4b0a9b38","detail-type":"thing.happened.%d.v1","source":"service-%d","account":"000000000000","time":"2026-11-23T10:00:00Z","region":"us-east-1","resources":[],"detail":{"metadata":{"id":"evt_01J9ZQ4X8N2M5K7P3R6T1V0W8Y","type":"thing.happened.%d.v1","subject":"order-%d","correlationId":"cor_01J9ZQ4X8N2M5K7P3R6T1V0W8Y","causationId":"evt_01J9ZQ4X8N2M5K7P3R6T1V0W8X","producer":"service-%d","occurredAt":"2026-11-23T10:00:00.123Z"},"data":{"orderId":"order-%d","customerId":"customer-%d","email":"someone@example.com","region":"eu","currency":"EUR","totalCents":4200,"lines":[{"sku":"SKU-1001","quantity":1,"unitPriceCents":1200},{"sku":"SKU-1002","quantity":3,"unitPriceCents":1000}]}}}`,
		i%200, i%50, i%200, i, i%50, i, i)
}

func BenchmarkSet(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			set := NewSet(benchmarkRules(n))
			var events [1000][]byte
			for i := range events {
				events[i] = benchmarkEvent(i)
			}
			var matched []int
			total := 0
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				var err error
				if matched, err = set.Match(events[i%len(events)], matched[:0]); err != nil {
					b.Fatal(err)
				}
				total += len(matched)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(total)/float64(b.N), "matches/event")
		})
	}
}
