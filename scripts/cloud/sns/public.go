package sns

import "net/http"

// certificatePath is the path of the certificate for the signatures of notifications.
const certificatePath = "/SimpleNotificationService.pem"

// Public returns the handler for a request without a signature that follows a link in a notification: to confirm or
// end a subscription, or to get the certificate. It returns nil for any other request.
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
	_, _ = w.Write(signer.certificate) // a client that disconnects is not an error
}
