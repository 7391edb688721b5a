package sns

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"time"
)

// signer is the signing key of this process. It is created on first use, because that takes a while.
type signer struct {
	key         *rsa.PrivateKey
	certificate []byte // PEM
}

var theSigner = sync.OnceValues(newSigner)

func newSigner() (*signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "sns.amazonaws.com"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &signer{key: key, certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}, nil
}

// sign signs a notification. Version 1 uses SHA-1, version 2 SHA-256. Source: Amazon SNS Developer Guide, "Verifying
// the signatures of Amazon SNS messages".
func (s *Service) sign(sub *subscription, n *notification) *notification {
	signer, err := theSigner()
	if err != nil {
		return n
	}
	s.mu.RLock()
	n.SignatureVersion = "1"
	if t := s.topics[sub.topic]; t != nil && t.attributes["SignatureVersion"] == "2" {
		n.SignatureVersion = "2"
	}
	s.mu.RUnlock()
	hash, sum := crypto.SHA1, sha1.Sum([]byte(n.signed()))
	digest := sum[:]
	if n.SignatureVersion == "2" {
		wide := sha256.Sum256([]byte(n.signed()))
		hash, digest = crypto.SHA256, wide[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, signer.key, hash, digest)
	if err != nil {
		return n
	}
	n.Signature = base64.StdEncoding.EncodeToString(signature)
	n.SigningCertURL = "http://" + sub.host + certificatePath
	return n
}

// signed returns the text to sign: the names and values that are present, in order of name.
func (n *notification) signed() string {
	var b strings.Builder
	for _, pair := range [][2]string{
		{"Message", n.Message}, {"MessageId", n.MessageID}, {"Subject", n.Subject}, {"SubscribeURL", n.SubscribeURL},
		{"Timestamp", n.Timestamp}, {"Token", n.Token}, {"TopicArn", n.TopicArn}, {"Type", n.Type},
	} {
		if pair[1] != "" {
			b.WriteString(pair[0] + "\n" + pair[1] + "\n")
		}
	}
	return b.String()
}
