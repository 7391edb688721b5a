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

// settings are Go environment variables that affect a binary. GOFLAGS is set so that a value from `go env -w` is
// ignored.
var settings = []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64", "GOARM64=v8.0", "GOWORK=off", "GOFLAGS=-trimpath"}

// compile builds all binaries with one run of the Go command.
func (b Builder) compile(ctx context.Context, services []*manifest.Manifest) error {
	folder := b.binary("")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("create the folder for binaries: %w", err)
	}
	arguments := append(slices.Clone(build.Deployed), "-o", folder+string(filepath.Separator))
	for _, m := range services {
		arguments = append(arguments, "./services/"+m.Name)
	}
	environment := append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "GOEXPERIMENT=") || strings.HasPrefix(variable, "GOFIPS140=")
	}), settings...)
	return build.Go(ctx, b.Root, environment, arguments...)
}
