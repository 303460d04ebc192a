package secrets

import (
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func init() {
	for name, play := range map[string]func(*player){
		"never answers":         playNeverAnswers,
		"prompt not answered":   playPromptNotAnswered,
		"prompt dismissed":      playPromptDismissed,
		"service dies in call":  playDiesInCall,
		"dies while it prompts": playDiesInPrompt,
		"bus dies in a prompt":  playBusDiesInPrompt,
		"read back differs":     playReadBackDiffers,
		"refuses":               playRefuses,
	} {
		scenarios[name] = scenario{play: play}
	}
}

const (
	loginPath  = secretPath + "/collection/login"
	itemPath   = loginPath + "/1"
	promptPath = secretPath + "/prompt/p1"
)

// fake is a Secret Service of our own, on a connection of its own, that
// misbehaves as it is told.
type fake struct {
	conn    *dbus.Conn
	refuse  *dbus.Error // instead of the list of keyrings
	prompts bool        // unlocking wants a prompt
	prompt  func()      // what the prompt does
	dies    bool        // hangs up instead of listing items
	value   string      // what every item holds
}

type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// serve takes the name of the Secret Service for f.
func (p *player) serve(f *fake) {
	f.conn = p.bus()
	export := func(methods map[string]any, path dbus.ObjectPath, kind string) {
		require.NoError(p, f.conn.ExportMethodTable(methods, path, kind))
	}
	get := func(_, name string) (dbus.Variant, *dbus.Error) {
		if name == "Locked" {
			return dbus.MakeVariant(false), nil
		}
		return dbus.MakeVariant([]dbus.ObjectPath{loginPath}), f.refuse
	}
	for _, path := range []dbus.ObjectPath{secretPath, loginPath} {
		export(map[string]any{"Get": get}, path, "org.freedesktop.DBus.Properties")
	}
	export(map[string]any{
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
			return dbus.MakeVariant(""), secretPath + "/session/s1", nil
		},
		"Unlock": func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			if f.prompts {
				return nil, promptPath, nil
			}
			return paths, "/", nil
		},
	}, secretPath, secretAPI+"Service")
	export(map[string]any{
		"SearchItems": func(map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
			if f.dies {
				f.conn.Close()
			}
			return []dbus.ObjectPath{itemPath}, nil
		},
		"CreateItem": func(map[string]dbus.Variant, secret, bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			return itemPath, "/", nil
		},
	}, loginPath, secretAPI+"Collection")
	export(map[string]any{
		"GetSecret": func(session dbus.ObjectPath) (secret, *dbus.Error) {
			return secret{session, nil, []byte(f.value), "text/plain"}, nil
		},
		"Delete": func() (dbus.ObjectPath, *dbus.Error) { return "/", nil },
	}, itemPath, secretAPI+"Item")
	export(map[string]any{"Close": func() *dbus.Error { return nil }}, secretPath+"/session/s1", secretAPI+"Session")
	export(map[string]any{"Prompt": func(string) *dbus.Error {
		if f.prompt != nil {
			f.prompt()
		}
		return nil
	}}, promptPath, secretAPI+"Prompt")
	p.own(f.conn)
}

func (p *player) own(conn *dbus.Conn) {
	reply, err := conn.RequestName(secretName, dbus.NameFlagDoNotQueue)
	require.NoError(p, err)
	require.Equal(p, dbus.RequestNameReplyPrimaryOwner, reply)
}

// The look itself meets a service that takes calls and never answers.
func playNeverAnswers(p *player) {
	silent := p.bus()
	p.own(silent)
	silent.Eavesdrop(make(chan *dbus.Message, 100)) // takes all calls away from their handlers
	before := goleak.IgnoreCurrent()
	var s *Store
	p.within(callLimit, func() { s = p.open() })
	require.NoError(p, goleak.Find(before), "a look leaves no goroutine")
	p.offered(s, Hung)
}

// F6: the window is open on a desktop where nobody sits.
func playPromptNotAnswered(p *player) {
	p.serve(&fake{prompts: true})
	before := goleak.IgnoreCurrent()
	s := p.open()
	require.Equal(p, Keyring, s.Where().Kind)
	p.hangs(s)
	require.NoError(p, goleak.Find(before), "the call was cut off")
	require.NoError(p, s.CreateVault([]byte(phrase)))
}

// F7
func playPromptDismissed(p *player) {
	f := &fake{prompts: true}
	f.prompt = func() {
		require.NoError(p, f.conn.Emit(promptPath, secretAPI+"Prompt.Completed", true,
			dbus.MakeVariant([]dbus.ObjectPath{})))
	}
	p.serve(f)
	s := p.open()
	require.ErrorIs(p, s.Save(p.ctx, "a", "x", keys()), &Error{State: Locked})
	require.Equal(p, "keys: OS keyring (locked)", s.Where().Sentence)
}

// F8
func playDiesInPrompt(p *player) {
	f := &fake{prompts: true}
	f.prompt = func() { time.AfterFunc(10*time.Millisecond, func() { f.conn.Close() }) }
	p.serve(f)
	p.hangs(p.open())
}

// go-keyring panics here.
func playBusDiesInPrompt(p *player) {
	p.serve(&fake{prompts: true, prompt: func() { time.AfterFunc(10*time.Millisecond, p.killBus) }})
	s := p.open()
	p.within(callLimit, func() {
		_, err := s.Load(p.ctx, "a", "x")
		require.ErrorIs(p, err, &Error{State: Failed})
	})
	_, err := s.Load(p.ctx, "a", "x")
	require.ErrorIs(p, err, &Error{State: BusUnreachable})
}

func playDiesInCall(p *player) {
	p.serve(&fake{dies: true})
	s := p.open()
	p.within(callLimit, func() {
		_, err := s.Load(p.ctx, "a", "x")
		require.ErrorIs(p, err, &Error{State: NoService})
	})
}

// F14
func playReadBackDiffers(p *player) {
	p.serve(&fake{value: `{"key":"other"}`})
	s := p.open()
	require.ErrorIs(p, s.Save(p.ctx, "a", "x", keys()), ErrDiffers)
	require.ErrorIs(p, s.Forget(p.ctx, "a", "x"), ErrStillThere)
}

func playRefuses(p *player) {
	p.serve(&fake{refuse: dbus.NewError("org.example.Refused", []any{planted})})
	s := p.open()
	require.Equal(p, Failed, s.State())
	require.Contains(p, s.Where().Why, "(org.example.Refused).")
}
