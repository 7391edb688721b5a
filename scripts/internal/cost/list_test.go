package cost

import (
	"strings"
	"testing"
)

// TestFilesAreRefused checks that a mistake in a file of figures is told at its line.
func TestFilesAreRefused(t *testing.T) {
	const sources = "{\"sources\": {\"list\": {\"date\": \"2026-10-08\", \"what\": \"a list\"}},\n\"prices\": [\n"
	const good = `{"id": "a", "product": "p", "region": "r", "usd": 1, "per": 1, "unit": "thing", "source": "list"}`
	for name, c := range map[string]struct{ text, want string }{
		"a member that is not known":   {sources + strings.Replace(good, "usd", "eur", 1) + "]}", `prices.json:3: json: unknown field "eur"`},
		"a source that is not there":   {sources + good + ",\n" + strings.Replace(good, "list", "lost", 1) + "]}", `prices.json:4: there is no source "lost"; there are list`},
		"two of one id":                {sources + good + ",\n" + good + "]}", `prices.json:4: there are two prices "a" for r`},
		"a price below zero":           {sources + strings.Replace(good, `"usd": 1`, `"usd": -1`, 1) + "]}", "prices.json:3: usd must not be negative"},
		"nothing that it is for":       {sources + strings.Replace(good, `"per": 1`, `"per": 0`, 1) + "]}", "per must be above 0"},
		"no JSON":                      {sources + good + ",\n,]}", "prices.json:4: invalid character ','"},
		"a member of the file":         {`{"sources": {}, "price": []}`, `unknown member "price"`},
		"a date that is none":          {strings.Replace(sources, "2026-10-08", "lately", 1) + good + "]}", `source "list" needs a date`},
		"a region without any entries": {sources + strings.Replace(good, `"r"`, `"s"`, 1) + "]}", `nothing for region "r" in scripts/internal/cost/prices.json, only for s`},
	} {
		if _, err := parsePrices("prices.json", []byte(c.text), "r"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestEveryRegionIsWhole checks that each region has the same prices and quotas.
func TestEveryRegionIsWhole(t *testing.T) {
	regions, err := Regions()
	if err != nil {
		t.Fatal(err)
	}
	first, err := PricesOf(regions[0])
	if err != nil {
		t.Fatal(err)
	}
	limits, err := QuotasOf(regions[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, region := range regions[1:] {
		prices, err := PricesOf(region)
		if err != nil {
			t.Fatal(err)
		}
		quotas, err := QuotasOf(region)
		if err != nil {
			t.Fatal(err)
		}
		for id := range first.byID {
			if _, known := prices.Find(id); !known {
				t.Errorf("%s has no price %q", region, id)
			}
		}
		for id := range limits.byID {
			if _, known := quotas.byID[id]; !known {
				t.Errorf("%s has no quota %q", region, id)
			}
		}
	}
}
