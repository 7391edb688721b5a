package cost

import (
	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// NewModel returns the model for what a checkout declares, with the prices and quotas of a region ("" means the file's first) and the
// settings of an environment.
func NewModel(manifests []*manifest.Manifest, contracts []schema.Event, region string, environment *Environment) (*Model, error) {
	if region == "" {
		regions, err := Regions()
		if err != nil {
			return nil, err
		}
		region = regions[0]
	}
	m := &Model{Environment: environment, Manifests: manifests, Channels: map[string]events.Channel{}}
	for _, contract := range contracts {
		m.Channels[contract.Type] = contract.Channel
	}
	var err error
	if m.Prices, err = PricesOf(region); err != nil {
		return nil, err
	}
	m.Quotas, err = QuotasOf(region)
	return m, err
}
