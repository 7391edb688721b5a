package dynamodb

import "context"

// TimeToLiveSpecification names the attribute that holds an item's expiry time, in seconds since 1970.
type TimeToLiveSpecification struct {
	AttributeName string
	Enabled       *bool
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
	violations := []string{tableNamed("tableName", in.TableName), required("timeToLiveSpecification", want == nil)}
	if want != nil {
		violations = append(violations, required("timeToLiveSpecification.enabled", want.Enabled == nil),
			ofLength("timeToLiveSpecification.attributeName", want.AttributeName, 1, maxName))
	}
	if err := check(violations...); err != nil {
		return nil, err
	}
	err := s.write(func(d *draft) error {
		t, err := d.table(in.TableName)
		if err != nil {
			return instead(err, noTable(in.TableName))
		}
		return t.setTTL(want.AttributeName, *want.Enabled)
	})
	if err != nil {
		return nil, err
	}
	return &UpdateTimeToLiveOutput{want}, nil
}

func (t *table) setTTL(attribute string, enabled bool) error {
	switch {
	case enabled && t.ttl == attribute:
		return invalid("TimeToLive is already enabled")
	case enabled && t.ttl != "":
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	case !enabled && t.ttl == "":
		return invalid("TimeToLive is already disabled")
	case !enabled && t.ttl != attribute:
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	}
	t.ttl, t.expiry, t.redefined = "", tree{}, true
	if !enabled {
		return nil
	}
	t.ttl = attribute
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
	t, err := s.existing(in.TableName)
	if err != nil {
		return nil, err
	}
	if t.ttl == "" {
		return &DescribeTimeToLiveOutput{TimeToLiveDescription{TimeToLiveStatus: "DISABLED"}}, nil
	}
	return &DescribeTimeToLiveOutput{TimeToLiveDescription{t.ttl, "ENABLED"}}, nil
}
