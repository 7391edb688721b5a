package dynamodb

import "context"

// TimeToLiveSpecification names the attribute that holds an item's expiry time, in seconds since 1970.
type TimeToLiveSpecification struct {
	AttributeName string
	Enabled       bool
}

// UpdateTimeToLiveInput is the input of UpdateTimeToLive.
type UpdateTimeToLiveInput struct {
	TableName               string
	TimeToLiveSpecification *TimeToLiveSpecification
}

// UpdateTimeToLiveOutput is the output of UpdateTimeToLive.
type UpdateTimeToLiveOutput struct{ TimeToLiveSpecification *TimeToLiveSpecification }

// UpdateTimeToLive turns a table's time to live on or off, at once.
func (s *Service) UpdateTimeToLive(_ context.Context, in *UpdateTimeToLiveInput) (*UpdateTimeToLiveOutput, error) {
	want := in.TimeToLiveSpecification
	if err := required("timeToLiveSpecification", want == nil); err != nil {
		return nil, err
	}
	if want.AttributeName == "" || len(want.AttributeName) > maxName {
		return nil, invalid("1 validation error detected: Value '%s' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must have length between 1 and %d", want.AttributeName, maxName)
	}
	err := s.write(func(d *draft) error {
		t, err := d.table(in.TableName)
		if err != nil {
			return noTable(in.TableName)
		}
		return t.setTTL(*want)
	})
	if err != nil {
		return nil, err
	}
	return &UpdateTimeToLiveOutput{want}, nil
}

func (t *table) setTTL(want TimeToLiveSpecification) error {
	switch {
	case want.Enabled && t.ttl == want.AttributeName:
		return invalid("TimeToLive is already enabled")
	case want.Enabled && t.ttl != "":
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	case !want.Enabled && t.ttl == "":
		return invalid("TimeToLive is already disabled")
	case !want.Enabled && t.ttl != want.AttributeName:
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	}
	t.ttl, t.expiry, t.redefined = "", tree{}, true
	if !want.Enabled {
		return nil
	}
	t.ttl = want.AttributeName
	for key, r := range t.items.between("", "", true) {
		t.expiry = t.expiry.move("", t.expiryKey(key, r.item()), r)
	}
	return nil
}

// DescribeTimeToLiveOutput is the output of DescribeTimeToLive.
type DescribeTimeToLiveOutput struct{ TimeToLiveDescription TimeToLiveDescription }

// TimeToLiveDescription says whether time to live is ENABLED or DISABLED.
type TimeToLiveDescription struct {
	AttributeName    string `json:",omitempty"`
	TimeToLiveStatus string
}

// DescribeTimeToLive reports whether items of a table expire.
func (s *Service) DescribeTimeToLive(_ context.Context, in *TableInput) (*DescribeTimeToLiveOutput, error) {
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	if t.ttl == "" {
		return &DescribeTimeToLiveOutput{TimeToLiveDescription{TimeToLiveStatus: "DISABLED"}}, nil
	}
	return &DescribeTimeToLiveOutput{TimeToLiveDescription{t.ttl, "ENABLED"}}, nil
}
