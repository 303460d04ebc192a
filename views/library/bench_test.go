package library_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

// longArticle is as long as an article is shown, in paragraphs of a line each.
func longArticle(t testing.TB, p *practice) {
	body, err := json.Marshal(map[string]any{"data": map[string]any{
		"KBID": 1, "Title": "Long", "Active": true, "Category": "Desk",
		"Article": strings.Repeat("Some *words* and [a link](https://example.com) again.\n- one\n\n", 250),
	}})
	require.NoError(t, err)
	p.server.SetFault(readArticle, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: string(body)})
}

// BenchmarkKey is a key and the screen after it: in a long article, and in its
// form.
func BenchmarkKey(b *testing.B) {
	for name, keys := range map[string]string{"reading": "<enter>", "editing": "<enter>e<tab><tab><tab><tab><tab>"} {
		b.Run(name, func(b *testing.B) {
			p := newPractice(b)
			longArticle(b, p)
			d := p.sit(120, 40).Type(keys).Settle()
			require.Contains(b, d.Screen(), "Long")
			down := uitest.Key("down")
			for b.Loop() {
				d.Press(down)
				_ = d.App.View()
			}
		})
	}
}
