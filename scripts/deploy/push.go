package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// push pushes a worker's image unless the registry has it.
func (d *deployment) push(ctx context.Context, service, to string) error {
	image, err := load(d.builder().Image(service))
	if err != nil {
		return err
	}
	digest, err := image.Digest()
	if err != nil {
		return err
	}
	registry, options, err := d.signIn(ctx)
	if err != nil {
		return err
	}
	_, path, _ := strings.Cut(to, "/")
	target, err := name.NewRepository(registry + "/" + path)
	if err != nil {
		return err
	}
	if _, err := remote.Head(target.Digest(digest.String()), options...); err == nil {
		fmt.Fprintf(d.Out, "%s: its image already exists\n", service)
		return nil
	} else if failure, ok := errors.AsType[*transport.Error](err); !ok || failure.StatusCode != http.StatusNotFound {
		return err
	}
	began := time.Now()
	if err := remote.Write(target.Tag(digest.Hex[:12]), image, options...); err != nil {
		return err
	}
	fmt.Fprintf(d.Out, "%s: its image was pushed in %.1f s\n", service, time.Since(began).Seconds())
	return nil
}

// load reads the only image in a folder in the OCI layout.
func load(folder string) (v1.Image, error) {
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		return nil, err
	}
	images, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	if len(images.Manifests) != 1 {
		return nil, fmt.Errorf("%s contains %d images", folder, len(images.Manifests))
	}
	return index.Image(images.Manifests[0].Digest)
}

// signIn returns the host of the account's registry, and the options to access it.
func (d *deployment) signIn(ctx context.Context) (host string, options []remote.Option, err error) {
	answer, err := ecr.NewFromConfig(d.cfg).GetAuthorizationToken(ctx, nil)
	if err != nil {
		return "", nil, err
	}
	if len(answer.AuthorizationData) == 0 {
		return "", nil, errors.New("ECR returned no token")
	}
	token := answer.AuthorizationData[0]
	endpoint, err := url.Parse(aws.ToString(token.ProxyEndpoint))
	if err != nil {
		return "", nil, fmt.Errorf("parse the registry's address: %w", err)
	}
	plain, err := base64.StdEncoding.DecodeString(aws.ToString(token.AuthorizationToken))
	if err != nil {
		return "", nil, fmt.Errorf("decode the registry's token: %w", err)
	}
	user, password, _ := strings.Cut(string(plain), ":")
	auth := remote.WithAuth(&authn.Basic{Username: user, Password: password})
	return endpoint.Host, []remote.Option{auth, remote.WithContext(ctx)}, nil
}
