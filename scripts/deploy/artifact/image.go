package artifact

import (
	"errors"
	"fmt"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// nobody is the user that a worker runs as; it owns nothing.
const nobody = "65532:65532"

// image creates a worker's image from scratch: the binary, TLS root certificates and a folder for temporary files. It
// contains no shell or package that could be attacked or would need updates.
func (b Builder) image(service string) (Artifact, error) {
	a := Artifact{Service: service, File: b.Image(service)}
	image, err := compose(b.binary(service))
	if err != nil {
		return a, err
	}
	hash, err := image.Digest()
	if err != nil {
		return a, err
	}
	a.Digest = hash.String()
	if a.Size, err = compressed(image); err != nil {
		return a, err
	}
	if known, err := os.ReadFile(b.DigestFile(service)); err == nil && string(known) == a.Digest+"\n" {
		return a, nil
	}
	// The digest is written last: if it is right, the image is complete.
	if err := errors.Join(os.RemoveAll(b.DigestFile(service)), os.RemoveAll(a.File)); err != nil {
		return a, err
	}
	index, err := layout.Write(a.File, empty.Index)
	if err != nil {
		return a, err
	}
	if err := index.AppendImage(image); err != nil {
		return a, err
	}
	return a, replace(b.DigestFile(service), []byte(a.Digest+"\n"))
}

func compose(binary string) (v1.Image, error) {
	layers, err := layers(binary)
	if err != nil {
		return nil, err
	}
	base := mutate.MediaType(mutate.ConfigMediaType(empty.Image, types.OCIConfigJSON), types.OCIManifestSchema1)
	base, err = mutate.ConfigFile(base, &v1.ConfigFile{
		OS: "linux", Architecture: "arm64", Variant: "v8",
		RootFS: v1.RootFS{Type: "layers"},
		Config: v1.Config{
			Entrypoint: []string{"/service"}, User: nobody, WorkingDir: "/tmp",
			Volumes: map[string]struct{}{"/tmp": {}}, // so that ECS gives the volume the folder's mode
		},
	})
	if err != nil {
		return nil, err
	}
	return mutate.AppendLayers(base, layers...)
}

// compressed returns the size of an image to push, in bytes.
func compressed(image v1.Image) (int64, error) {
	manifest, err := image.Manifest()
	if err != nil {
		return 0, fmt.Errorf("read the image's manifest: %w", err)
	}
	size := manifest.Config.Size
	for _, layer := range manifest.Layers {
		size += layer.Size
	}
	return size, nil
}
