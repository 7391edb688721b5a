package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
)

// The exit codes of a service that could not start or go on.
const (
	exitFailure = 1
	exitConfig  = 2 // service.json, the code and the environment do not agree
)

// Main runs a service from its service.json and a function that sets it up, and does
// not return: in Lambda it serves invocations, elsewhere it polls its queue and serves
// its routes until SIGTERM or an interrupt.
func Main(declaration []byte, setup func(*Runtime), options ...Option) {
	err := run(declaration, os.Getenv, setup, options...)
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, err)
	if _, misconfigured := errors.AsType[*ConfigError](err); misconfigured {
		os.Exit(exitConfig)
	}
	os.Exit(exitFailure)
}

func run(declaration []byte, getenv func(string) string, setup func(*Runtime), options ...Option) error {
	rt, err := newRuntime(declaration, getenv, options...)
	if err != nil {
		return err
	}
	slog.SetDefault(newLogger(os.Stdout, rt.manifest.Name, getenv("SERVICE_ENVIRONMENT")))
	if err := rt.setUp(setup); err != nil {
		return err
	}
	if rt.env.runtimeAPI != "" {
		return rt.start(context.Background(), rt.serveLambda)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	return rt.start(ctx, rt.work)
}

func newRuntime(declaration []byte, getenv func(string) string, options ...Option) (*Runtime, error) {
	declared, err := manifest.Parse("service.json", declaration)
	if err != nil {
		return nil, &ConfigError{Service: "the service", Problems: []string{err.Error()}}
	}
	rt := &Runtime{manifest: declared, getenv: getenv, handlers: map[string]eventing.Handler{}, mux: http.NewServeMux()}
	for _, option := range options {
		option(rt)
	}
	return rt, nil
}
