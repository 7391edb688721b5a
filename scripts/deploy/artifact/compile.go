package artifact

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/build"
)

// flags leave out of a binary what differs between machines: paths, the state of version control,
// the build's own ID; and what AWS never runs: symbols, Lambda's old protocol and SQLite.
var flags = []string{"build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc,nosqlite", "-ldflags=-s -w -buildid="}

// settings are Go's own variables that end up in a binary. GOFLAGS has a value so that
// one from `go env -w` does not count.
var settings = []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64", "GOARM64=v8.0", "GOWORK=off", "GOFLAGS=-trimpath"}

// compile builds all binaries by one run of the Go command.
func (b Builder) compile(ctx context.Context, services []*manifest.Manifest) error {
	folder := b.binary("")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder for binaries: %w", err)
	}
	arguments := append(slices.Clone(flags), "-o", folder+string(filepath.Separator))
	for _, m := range services {
		arguments = append(arguments, "./services/"+m.Name)
	}
	environment := append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "GOEXPERIMENT=") || strings.HasPrefix(variable, "GOFIPS140=")
	}), settings...)
	return build.Go(ctx, b.Root, environment, arguments...)
}
