package lambda

import (
	"cmp"
	"context"
	"slices"

	"example.com/localcloud/wire"
)

// MappingInput identifies a mapping.
type MappingInput struct {
	UUID string `json:"-" path:"UUID"`
}

func (in *MappingInput) resource() string { return "*" }

func (s *Service) findMapping(uuid string) (*mapping, error) {
	if m := s.mappings[uuid]; m != nil {
		return m, nil
	}
	return nil, missing("The resource you requested does not exist.")
}

// GetEventSourceMapping describes a mapping.
func (s *Service) GetEventSourceMapping(_ context.Context, in *MappingInput) (*Mapping, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.findMapping(in.UUID)
	if err != nil {
		return nil, err
	}
	return m.view(), nil
}

// ListEventSourceMappingsInput selects the mappings of a queue or a function, or all. They fit on one page.
type ListEventSourceMappingsInput struct {
	EventSourceArn string `json:"-" query:"EventSourceArn"`
	FunctionName   string `json:"-" query:"FunctionName"`
	MaxItems       int    `json:"-" query:"MaxItems"`
	Marker         string `json:"-" query:"Marker"`
}

func (in *ListEventSourceMappingsInput) resource() string { return "*" }

// ListEventSourceMappingsOutput is a list of mappings.
type ListEventSourceMappingsOutput struct{ EventSourceMappings []*Mapping }

// ListEventSourceMappings lists mappings in order of UUID.
func (s *Service) ListEventSourceMappings(_ context.Context, in *ListEventSourceMappingsInput) (*ListEventSourceMappingsOutput, error) {
	if err := firstPage(in.Marker, in.MaxItems); err != nil {
		return nil, err
	}
	function := ""
	if in.FunctionName != "" {
		r, err := parseReference(in.FunctionName)
		if err != nil {
			return nil, err
		}
		function = r.arn()
	}
	if in.EventSourceArn != "" && !wire.IsARN(in.EventSourceArn) {
		return nil, constraint("eventSourceArn", "be an ARN, not %.200q", in.EventSourceArn)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListEventSourceMappingsOutput{EventSourceMappings: []*Mapping{}}
	for _, m := range s.mappings {
		if (in.EventSourceArn == "" || m.EventSourceArn == in.EventSourceArn) &&
			(function == "" || m.FunctionArn == function) {
			out.EventSourceMappings = append(out.EventSourceMappings, m.view())
		}
	}
	slices.SortFunc(out.EventSourceMappings, func(a, b *Mapping) int { return cmp.Compare(a.UUID, b.UUID) })
	return out, nil
}

// UpdateEventSourceMappingInput changes the members that are present.
type UpdateEventSourceMappingInput struct {
	UUID         string `json:"-" path:"UUID"`
	FunctionName string
	Enabled      *bool
	MappingSettings
}

func (in *UpdateEventSourceMappingInput) resource() string { return "*" }

// UpdateEventSourceMapping changes a mapping. Batches in progress finish with the old settings.
func (s *Service) UpdateEventSourceMapping(_ context.Context, in *UpdateEventSourceMappingInput) (*Mapping, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.findMapping(in.UUID)
	if err != nil {
		return nil, err
	}
	changed := m.Mapping
	changed.MappingSettings = m.MappingSettings.with(in.MappingSettings)
	if err := s.connect(&changed, cmp.Or(in.FunctionName, m.FunctionArn)); err != nil {
		return nil, err
	}
	m.Mapping = changed
	enabled, state := m.stop != nil, "Updating"
	if in.Enabled != nil && *in.Enabled != enabled {
		enabled, state = *in.Enabled, map[bool]string{true: "Enabling", false: "Disabling"}[*in.Enabled]
	}
	s.enable(m, enabled)
	return m.transitioning(state), nil
}

// DeleteEventSourceMapping deletes a mapping. Batches in progress finish.
func (s *Service) DeleteEventSourceMapping(_ context.Context, in *MappingInput) (*Mapping, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.findMapping(in.UUID)
	if err != nil {
		return nil, err
	}
	s.enable(m, false)
	delete(s.mappings, m.UUID)
	s.journal.Delete(kindMapping, m.UUID)
	return m.transitioning("Deleting"), nil
}
