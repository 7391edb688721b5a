package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"example.com/troupe/services/kit/unit"
)

// The exit codes of a service that could not start or go on.
const (
	exitFailure = 1
	exitConfig  = 2 // service.json, the code and the environment do not agree
)

// Main runs a service from its service.json and a function that sets it up, and does not
// return: in Lambda it serves invocations, elsewhere it polls its queue and serves its
// routes until SIGTERM or an interrupt.
//
// Main stands alone in its file, because the simulation replaces that file.
func Main(declaration []byte, setup func(*Runtime) error, options ...Option) {
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

func run(declaration []byte, getenv func(string) string, setup func(*Runtime) error, options ...Option) error {
	rt, err := newRuntime(declaration, getenv, options...)
	if err != nil {
		return err
	}
	if slices.Contains(os.Args[1:], healthFlag) {
		return rt.healthy()
	}
	out, err := rt.output()
	if err != nil {
		return err
	}
	personal := unit.Personal(rt.manifest)
	if showsPersonal(getenv) {
		personal = nil
	}
	slog.SetDefault(unit.NewLogger(out, rt.manifest.Name, getenv("SERVICE_ENVIRONMENT"), personal))
	if err := rt.setUp(setup); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	if rt.env.runtimeAPI == "" { // in Lambda, SIGTERM is for the runtime
		ctx, stop = signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
		context.AfterFunc(ctx, stop) // a second signal ends the process at once
	}
	defer stop()
	return rt.run(ctx)
}
