package inboxhealth

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// The samples list enterprises with a slash at the end, the seed writes them
// without one; servers that tell the two apart know one of them.
func TestEnterprisesWithoutTheSlash(t *testing.T) {
	for name, elsewhere := range map[string]http.HandlerFunc{
		"missing":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"forbidden": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(405) },
		"redirected": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/partner/v2/enterprises", http.StatusMovedPermanently)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, b := begin(t, "GET /partner/v2/enterprises", `{"enterprises": [{"id": 47, "name": "Example"}]}`)
			b.Do("GET /partner/v2/enterprises/", elsewhere)
			page, err := c.Enterprises(t.Context(), Query{})
			require.NoError(t, err)
			require.Equal(t, ID(47), page.Items[0].ID)
			_, err = c.Enterprises(t.Context(), Query{})
			require.NoError(t, err)
			require.Len(t, b.Requests(), 3, "what worked is the first from then on")
			c.Reset()
			found, err := c.Offers(t.Context())
			require.NoError(t, err)
			require.Equal(t, Offered, found[ForEnterprises])
		})
	}
	t.Run("neither", func(t *testing.T) {
		c := newBiller(t).client(t)
		_, err := c.Enterprises(t.Context(), Query{})
		requireKind(t, err, rest.KindNotFound)
		found, err := c.Offers(t.Context())
		require.NoError(t, err)
		require.Equal(t, NotOffered, found[ForEnterprises])
	})
}

// An error in a success is a refusal, said in the vendor's words.
func TestAnErrorInsideASuccess(t *testing.T) {
	for body, words := range map[string]string{
		`{"error": "Practice is closed"}`:                                    "Practice is closed",
		`{"errors": ["Practice is closed"], "status": 422, "payment": null}`: "Practice is closed",
		`{"success": false, "error": {"message": "Practice is closed"}}`:     "Practice is closed",
		`{"errors": {"patient_id": ["must exist"]}}`:                         "must exist",
	} {
		c, b := begin(t, "POST /partner/v2/payments", body)
		_, err := c.CreatePayment(t.Context(), NewPayment{PatientID: 12, Expected: 100, Method: Cash})
		e := requireKind(t, err, rest.KindValidation)
		require.Equal(t, rest.Refused, e.Phase, body)
		require.Contains(t, e.UserMessage(), words)
		require.Len(t, b.Requests(), 1)

		b.On("GET /partner/v2/patients/12", 200, `{"patient": {"id": 12, "city": "New Haven"}}`)
		b.On("PUT /partner/v2/patients/12", 200, body)
		p, err := c.Patient(t.Context(), 12)
		require.NoError(t, err)
		_, err = c.UpdatePatient(t.Context(), p, Edits{"city": "Hamden"})
		require.Contains(t, requireKind(t, err, rest.KindValidation).UserMessage(), words)

		b.On("GET /partner/v2/patients", 200, body)
		_, err = c.Patients(t.Context(), Query{})
		require.Contains(t, requireKind(t, err, rest.KindValidation).UserMessage(), words)
	}
	// A record beside an error says that something was done.
	c, _ := begin(t, "POST /partner/v2/payments", `{"errors": [], "payment": {"id": 7}}`)
	p, err := c.CreatePayment(t.Context(), NewPayment{PatientID: 12, Expected: 100, Method: Cash})
	require.NoError(t, err)
	require.Equal(t, ID(7), p.ID)
}
