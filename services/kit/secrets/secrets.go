// Package secrets reads a service's secrets from AWS Secrets Manager. Only services that have any link it:
//
//	host.Main(manifest, setup, host.WithSecrets(secrets.Read))
package secrets

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// errBinary means that a secret is not text.
var errBinary = errors.New("it is binary: store text")

// Read returns the current value of the secret with that name.
func Read(ctx context.Context, cloud aws.Config, name string) (string, error) {
	got, err := secretsmanager.NewFromConfig(cloud).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return "", fmt.Errorf("it isn't in Secrets Manager, or has no value: aws secretsmanager create-secret --name %s --secret-string file://…: %w", name, err)
	}
	if err != nil {
		return "", err
	}
	if got.SecretString == nil {
		return "", errBinary
	}
	return *got.SecretString, nil
}
