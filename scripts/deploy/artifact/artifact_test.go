//go:build terraform

package artifact_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/deploy/artifact"
	"example.com/troupe/scripts/internal/build"
)

var services = []*manifest.Manifest{
	{Name: "greeter", Runtime: manifest.Lambda},
	{Name: "packer", Runtime: manifest.Worker},
}

// checkout writes a module with two services whose builds would contain the folder's name without -trimpath.
func checkout(t *testing.T) artifact.Builder {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module m\n\ngo 1.26\n")
	for _, s := range services {
		write(t, filepath.Join(root, "services", s.Name, "main.go"),
			`package main; import "runtime"; func main() { _, file, _, _ := runtime.Caller(0); println("`+s.Name+`", file) }`)
	}
	return artifact.Builder{Root: root, Dir: filepath.Join(root, "bin")}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func mustBuild(t *testing.T, b artifact.Builder) []artifact.Artifact {
	t.Helper()
	made, err := b.Build(t.Context(), services)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestTheSameSourceGivesTheSameBytesAnywhere(t *testing.T) {
	one, other := checkout(t), checkout(t)
	t.Setenv("GOFLAGS", "-buildvcs=auto")
	first := mustBuild(t, one)
	t.Setenv("GOARM64", "v8.2")
	t.Setenv("GOCACHE", t.TempDir()) // as on another machine: with an empty cache
	second := mustBuild(t, other)
	for i, a := range first {
		if a.Digest != second[i].Digest || a.Size != second[i].Size || a.Size < 100_000 {
			t.Errorf("%s is %+v in one folder and %+v in the other", a.Service, a, second[i])
		}
	}
	for _, file := range []string{"greeter.zip", "packer.digest", "packer.oci/index.json"} {
		a, errA := os.ReadFile(filepath.Join(one.Dir, file))
		b, errB := os.ReadFile(filepath.Join(other.Dir, file))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %v, %v", file, errA, errB)
		}
	}
}

func TestOnlyWhatChangedIsPackedAgain(t *testing.T) {
	b := checkout(t)
	first := mustBuild(t, b)
	written := func() (times []int64) {
		for _, file := range []string{"greeter.zip", "packer.digest"} {
			info, err := os.Stat(filepath.Join(b.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			times = append(times, info.ModTime().UnixNano())
		}
		return times
	}
	before := written()
	if again := mustBuild(t, b); !cmp.Equal(first, again) || !cmp.Equal(before, written()) {
		t.Errorf("nothing changed, and %+v became %+v", first, again)
	}
	write(t, filepath.Join(b.Root, "services/packer/main.go"), `package main; func main() { println("new") }`)
	changed, after := mustBuild(t, b), written()
	if changed[0] != first[0] || before[0] != after[0] {
		t.Error("greeter was packed again")
	}
	if changed[1].Digest == first[1].Digest || before[1] == after[1] {
		t.Error("packer was not packed again")
	}
	index, err := layout.ImageIndexFromPath(b.Image("packer"))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := index.IndexManifest(); err != nil || len(all.Manifests) != 1 {
		t.Errorf("the layout has %+v, %v; want the new image alone", all, err)
	}
}

func TestZip(t *testing.T) {
	b := checkout(t)
	made := mustBuild(t, b)
	r, err := zip.OpenReader(made[0].File)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if f := r.File[0]; len(r.File) != 1 || f.Name != "bootstrap" || f.Mode().Perm() != 0o755 || f.Modified.Year() != 1980 {
		t.Errorf("the zip holds %+v", f.FileHeader)
	}
	content, err := r.Open("bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	binary, err := io.ReadAll(content)
	if err != nil || !bytes.HasPrefix(binary, []byte("\x7fELF")) || bytes.Contains(binary, []byte(b.Root)) {
		t.Errorf("bootstrap is not a Linux binary, or contains %s: %v", b.Root, err)
	}
}

func TestImage(t *testing.T) {
	b := checkout(t)
	made := mustBuild(t, b)
	index, err := layout.ImageIndexFromPath(b.Image("packer"))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Fatal(err)
	}
	all, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if got := all.Manifests[0].Digest.String(); got != made[1].Digest {
		t.Errorf("the image has the digest %s, but %s was returned", got, made[1].Digest)
	}
	image, err := index.Image(all.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if config.OS != "linux" || config.Architecture != "arm64" || config.Config.User != "65532:65532" || !cmp.Equal(config.Config.Entrypoint, []string{"/service"}) {
		t.Errorf("config = %+v", config)
	}
	files := map[string][]byte{}
	content := mutate.Extract(image)
	defer content.Close()
	for r := tar.NewReader(content); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if wantMode := map[string]int64{"tmp": 0o1777, "service": 0o755}[header.Name]; wantMode != 0 && header.Mode != wantMode {
			t.Errorf("%s has the mode %o", header.Name, header.Mode)
		}
	}
	if !bytes.HasPrefix(files["service"], []byte("\x7fELF")) || files["tmp"] == nil {
		t.Errorf("the image holds %d files, and not the service or /tmp", len(files))
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(files["etc/ssl/certs/ca-certificates.crt"]) {
		t.Error("the image has no roots to trust")
	}
	checkDatabases(t, files["etc/ssl/certs/rds.pem"])
}

// checkDatabases holds the certificate authorities of databases to those of RDS, and Terraform to their regions.
func checkDatabases(t *testing.T, bundle []byte) {
	t.Helper()
	regions := map[string]bool{}
	for block, rest := pem.Decode(bundle); block != nil; block, rest = pem.Decode(rest) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.Fields(root.Subject.CommonName)
		if !root.IsCA || root.CheckSignatureFrom(root) != nil || len(name) < 4 || name[0]+name[1]+name[3] != "AmazonRDSRoot" {
			t.Errorf("%s is no certificate authority of RDS", root.Subject)
			continue
		}
		regions[name[2]] = true
	}
	code, err := os.ReadFile("../../../terraform/modules/service/database.tf")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(slices.Sorted(maps.Keys(regions)), " "); want == "" || !strings.Contains(string(code), `"`+want+`"`) {
		t.Errorf("Terraform verifies databases in other regions than %s", want)
	}
}

func TestWhatDoesNotCompile(t *testing.T) {
	b := checkout(t)
	write(t, filepath.Join(b.Root, "services/greeter/main.go"), `package main; func main() { undefined() }`)
	_, err := b.Build(t.Context(), services)
	if _, ok := errors.AsType[*build.CompileError](err); !ok {
		t.Errorf("error = %v, want the compiler's", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Build(ctx, services); err == nil {
		t.Error("a build that was cancelled succeeded")
	}
}
