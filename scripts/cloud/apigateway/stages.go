package apigateway

import (
	"context"
	"slices"
)

// Stage is a stage of an API. The only one is $default, which serves at the root path and deploys every change at
// once.
type Stage struct {
	StageName   string `json:"stageName"`
	AutoDeploy  bool   `json:"autoDeploy"`
	CreatedDate string `json:"createdDate"`
}

const defaultStage = "$default"

// CreateStageInput describes a new stage.
type CreateStageInput struct {
	APIID      string `json:"-" path:"ApiId"`
	StageName  string `json:"stageName"`
	AutoDeploy bool   `json:"autoDeploy"`
}

// CreateStage makes an API reachable.
func (s *Service) CreateStage(_ context.Context, in *CreateStageInput) (*Stage, error) {
	if in.StageName != defaultStage || !in.AutoDeploy {
		return nil, badRequest("the local cloud supports only the stage $default with autoDeploy, not %q", in.StageName)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.APIID)
	switch {
	case err != nil:
		return nil, err
	case slices.ContainsFunc(a.stages, func(stage Stage) bool { return stage.StageName == in.StageName }):
		return nil, conflict("Stage already exists")
	}
	made := Stage{StageName: in.StageName, AutoDeploy: true, CreatedDate: now()}
	a.stages = append(a.stages, made)
	s.keep(a)
	return &made, nil
}

// Stages is a list of stages.
type Stages struct {
	Items []Stage `json:"items"`
}

// GetStages lists an API's stages.
func (s *Service) GetStages(_ context.Context, in *APIInput) (*Stages, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, err := s.find(in.APIID)
	if err != nil {
		return nil, err
	}
	return &Stages{Items: append([]Stage{}, a.stages...)}, nil
}
