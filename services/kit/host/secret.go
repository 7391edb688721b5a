package host

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// secretTime is how long reading a secret may take. Lambda gives a function ten seconds to start.
const secretTime = 5 * time.Second

// SecretReader returns the value of a secret by its name in Secrets Manager.
type SecretReader func(ctx context.Context, cloud aws.Config, name string) (string, error)

// WithSecrets gives a service that declares secrets what reads them on AWS: secrets.Read. The host itself doesn't link
// Secrets Manager's client.
func WithSecrets(read SecretReader) Option {
	return func(rt *Runtime) { rt.secrets = read }
}

// Secret returns a secret by its name: from the environment, where a local run has its stand-in, else from Secrets
// Manager. It is read once, when the service starts: a new value counts for instances that start after it was put.
func (rt *Runtime) Secret(name string) string {
	if _, known := rt.manifest.Secrets[name]; !known {
		rt.refuse("the code asks for the secret %s, which is not in service.json: add it to \"secrets\" with a stand-in for local runs", name)
		return ""
	}
	if value := rt.getenv(name); value != "" {
		return value
	}
	prefix := rt.getenv("SECRETS_PREFIX")
	if prefix == "" {
		rt.refuse("set %s in the environment, or SECRETS_PREFIX to what its name in Secrets Manager begins with", name)
		return ""
	}
	if rt.secrets == nil {
		return "" // which checkManifest refuses
	}
	ctx, cancel := context.WithTimeout(context.Background(), secretTime)
	defer cancel()
	cloud, err := rt.loadAWS()
	if err != nil {
		rt.refuse("%v", err)
		return ""
	}
	value, err := rt.secrets(ctx, cloud, prefix+name)
	if err != nil {
		rt.refuse("the secret %s%s can't be read: %v", prefix, name, err)
	}
	return value
}
