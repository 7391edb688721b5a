package wiring

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"example.com/troupe/scripts/internal/topology"
)

// functionWait limits how long a function may take to become active or updated.
const functionWait = time.Minute

// function creates a service's function. It removes that of a service which has become a worker.
func (w *Wirer) function(ctx context.Context, t *topology.Topology, s topology.Service, made Service) error {
	if w.WorkersOnly {
		return nil
	}
	if s.Function == nil {
		return w.removeFunction(ctx, t, s.Name)
	}
	f := *s.Function
	code, err := w.Code(s.Name)
	if err != nil {
		return making("function", f.Name, err)
	}
	_, err = w.lambda.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName:  &f.Name,
		Role:          &s.Role.ARN,
		Handler:       &f.Handler,
		Runtime:       types.Runtime(f.Runtime),
		Architectures: []types.Architecture{architecture()},
		Timeout:       aws.Int32(int32(f.TimeoutSeconds)),
		MemorySize:    aws.Int32(int32(f.MemoryMB)),
		Environment:   &types.Environment{Variables: made.Environment},
		Code:          &types.FunctionCode{ZipFile: code},
	})
	if _, exists := errors.AsType[*types.ResourceConflictException](err); exists {
		err = w.updateFunction(ctx, s, made, code)
	}
	if err == nil {
		err = w.waitForFunction(ctx, f.Name)
	}
	if err != nil {
		return making("function", f.Name, err)
	}
	return w.mapping(ctx, s.Mapping)
}

func (w *Wirer) updateFunction(ctx context.Context, s topology.Service, made Service, code []byte) error {
	f := *s.Function
	_, err := w.lambda.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{
		FunctionName: &f.Name,
		Role:         &s.Role.ARN,
		Timeout:      aws.Int32(int32(f.TimeoutSeconds)),
		MemorySize:   aws.Int32(int32(f.MemoryMB)),
		Environment:  &types.Environment{Variables: made.Environment},
	})
	if err != nil {
		return err
	}
	if err := w.waitForFunction(ctx, f.Name); err != nil { // one update at a time
		return err
	}
	_, err = w.lambda.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: &f.Name, ZipFile: code})
	return err
}

// waitForFunction waits until a function can be invoked and its last update is complete.
func (w *Wirer) waitForFunction(ctx context.Context, name string) error {
	updated := lambda.NewFunctionUpdatedV2Waiter(w.lambda, func(o *lambda.FunctionUpdatedV2WaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, 2*time.Second
	})
	active := lambda.NewFunctionActiveV2Waiter(w.lambda, func(o *lambda.FunctionActiveV2WaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, 2*time.Second
	})
	get := &lambda.GetFunctionInput{FunctionName: &name}
	if err := active.Wait(ctx, get, functionWait); err != nil {
		return fmt.Errorf("wait until it is active: %w", err)
	}
	if err := updated.Wait(ctx, get, functionWait); err != nil {
		return fmt.Errorf("wait until it is updated: %w", err)
	}
	return nil
}

func (w *Wirer) mapping(ctx context.Context, m *topology.Mapping) error {
	if m == nil {
		return nil
	}
	scaling := &types.ScalingConfig{MaximumConcurrency: aws.Int32(int32(m.MaximumConcurrency))}
	responses := make([]types.FunctionResponseType, len(m.ResponseTypes))
	for i, r := range m.ResponseTypes {
		responses[i] = types.FunctionResponseType(r)
	}
	existing, err := w.lambda.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{EventSourceArn: &m.Queue, FunctionName: &m.Function})
	if err != nil {
		return making("event source mapping of", m.Function, err)
	}
	if len(existing.EventSourceMappings) > 0 {
		_, err = w.lambda.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{
			UUID: existing.EventSourceMappings[0].UUID, BatchSize: aws.Int32(int32(m.Batch)),
			MaximumBatchingWindowInSeconds: aws.Int32(int32(m.WindowSeconds)), ScalingConfig: scaling, FunctionResponseTypes: responses,
		})
		return making("event source mapping of", m.Function, err)
	}
	_, err = w.lambda.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		EventSourceArn: &m.Queue, FunctionName: &m.Function, BatchSize: aws.Int32(int32(m.Batch)),
		MaximumBatchingWindowInSeconds: aws.Int32(int32(m.WindowSeconds)), ScalingConfig: scaling, FunctionResponseTypes: responses,
	})
	return making("event source mapping of", m.Function, err)
}

// architecture returns this machine's architecture, for which the functions' binaries were built.
func architecture() types.Architecture {
	if runtime.GOARCH == "arm64" {
		return types.ArchitectureArm64
	}
	return types.ArchitectureX8664
}
