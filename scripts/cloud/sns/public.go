package sns

import "net/http"

// certificatePath is where the certificate is served that notifications over HTTP are
// signed with.
const certificatePath = "/SimpleNotificationService.pem"

// Public returns who answers a request that carries no signature, because it follows a link in a
// notification: one that confirms or ends a subscription, or leads to the
// certificate. It is nil for any other.
func (s *Service) Public(r *http.Request) http.Handler {
	if r.Method != http.MethodGet {
		return nil
	}
	if r.URL.Path == certificatePath {
		return http.HandlerFunc(serveCertificate)
	}
	if action := r.URL.Query().Get("Action"); action == "ConfirmSubscription" || action == "Unsubscribe" {
		return s.Wire()
	}
	return nil
}

func serveCertificate(w http.ResponseWriter, _ *http.Request) {
	signer, err := theSigner()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	_, _ = w.Write(signer.certificate) // a client that has gone is no error of ours
}
