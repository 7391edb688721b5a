package unit

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// Recover turns a panic of the service's code into an error that says where, and logs the stack. Defer it.
func Recover(ctx context.Context, err *error) {
	if value := recover(); value != nil {
		at := panicked()
		slog.ErrorContext(ctx, "panic", "panic", fmt.Sprint(value), "at", at, "stack", string(debug.Stack()))
		*err = fmt.Errorf("panic at %s: %v", at, value)
	}
}

// panicked returns the file and line of this module's code whose call panicked, as "services/bells/internal/tower/tower.go:86".
func panicked() string {
	const most = 64 // frames
	callers := make([]uintptr, most)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	own, more := frames.Next() // this function: its package tells the module
	module := strings.TrimSuffix(packageOf(own.Function), "services/kit/unit")
	after := false // the frames of the panic itself
	for more {
		var frame runtime.Frame
		frame, more = frames.Next()
		in := packageOf(frame.Function)
		after = after || frame.Function == "runtime.gopanic"
		if inside, ours := strings.CutPrefix(in, module); after && (ours || in == "main") {
			return fmt.Sprintf("%s:%d", path.Join(strings.TrimPrefix(inside, "main"), path.Base(frame.File)), frame.Line)
		}
	}
	return "an unknown line"
}

// packageOf returns the path of the package of a function, as in "example.com/troupe/services/kit/unit.(*Runner).Run".
func packageOf(function string) string {
	folder, name := path.Split(function)
	name, _, _ = strings.Cut(name, ".")
	return folder + name
}
