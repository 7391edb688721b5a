package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestRolledOut(t *testing.T) {
	deployment := func(of string, state ecstypes.DeploymentRolloutState) ecstypes.Deployment {
		return ecstypes.Deployment{TaskDefinition: aws.String(of), RolloutState: state, RolloutStateReason: aws.String("because")}
	}
	for name, c := range map[string]struct {
		runs        string
		deployments []ecstypes.Deployment
		there       bool
		says        string
	}{
		"it runs":                     {"new", []ecstypes.Deployment{deployment("new", "COMPLETED")}, true, ""},
		"it starts":                   {"new", []ecstypes.Deployment{deployment("new", "IN_PROGRESS"), deployment("old", "COMPLETED")}, false, ""},
		"the old tasks end":           {"new", []ecstypes.Deployment{deployment("new", "COMPLETED"), deployment("old", "COMPLETED")}, false, ""},
		"it fails":                    {"new", []ecstypes.Deployment{deployment("new", "FAILED")}, false, "harbour was not deployed and runs its previous version: because"},
		"ECS goes back":               {"old", []ecstypes.Deployment{deployment("old", "IN_PROGRESS"), deployment("new", "FAILED")}, false, "because"},
		"ECS has gone back":           {"old", []ecstypes.Deployment{deployment("old", "COMPLETED")}, false, "ECS runs old"},
		"somebody deployed meanwhile": {"newer", []ecstypes.Deployment{deployment("newer", "COMPLETED")}, false, "ECS runs newer"},
	} {
		there, err := rolledOut("harbour", "new", ecstypes.Service{TaskDefinition: &c.runs, Deployments: c.deployments})
		_, typed := errors.AsType[*RolledBackError](err)
		if there != c.there || typed != (c.says != "") || typed && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %t, %v", name, there, err)
		}
	}
}
