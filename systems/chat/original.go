package chat

import (
	"context"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// original is the program of the document.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: a line is sent once and without a deadline, and shown on its own screen when the other has it.",
		Breaks:  []string{"delivered", "no-duplicates", "causal", "live"},
		OK:      map[string]string{opSay: "the own line was printed: the other has answered"},
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"peer": originalPeer,
			names:  serveNames, // as a lab's machines are the same in all its variants; nobody asks
		},
		ReadBack: readConsoles,
	}
}

// originalPeer is the document's Peer: it listens and chats.
func originalPeer(ctx context.Context, env lab.Env) error {
	s := newScreen(env, sitting(env))
	other, port := facing(env.Node().Name)
	if env.Terminal() == nil {
		_, sendingPort := facing(other)
		env.Printf(prompt+"%s %d %d", called(s.person), sendingPort, port)
	}
	return together(ctx,
		func(ctx context.Context) error {
			return rpc.Serve(ctx, env, port, func(server *grpc.Server) {
				chatpb.RegisterChattingServiceServer(server, servicer{screen: s})
			})
		},
		func(ctx context.Context) error { return chat(ctx, s, other) },
	)
}

// prompt begins the command by which the program is started, as it stands on the
// console of who does: a name, a sendingPort and a listeningPort ("Chatter").
const prompt = "$ chat "

// servicer is ChattingServiceServicer of the document's ".proto file".
type servicer struct {
	chatpb.UnimplementedChattingServiceServer
	screen *screen
}

// SendMessage shows a line, whoever it was meant for. (Without a text the
// document's returns nothing at all, which its library answers with an error.)
func (s servicer) SendMessage(_ context.Context, in *chatpb.Message) (*chatpb.NullMsg, error) {
	env := s.screen.env
	e := about(in.GetMsg())
	e.Kind, e.Op, e.Msg = history.Recv, "SendMessage", rpc.Request("SendMessage", e.ID)
	env.Record(e)
	if in.GetMsg() == "" {
		return nil, status.Error(codes.Internal, "Failed to serialize response!")
	}
	s.screen.other(in.GetTime(), in.GetSender(), in.GetMsg())
	e.Kind, e.Msg = history.Store, ""
	env.Record(e)
	e.Kind, e.Msg = history.Send, rpc.Answer("SendMessage", e.ID)
	env.Record(e)
	return &chatpb.NullMsg{}, nil
}

// GetInformation says who is here.
func (s servicer) GetInformation(context.Context, *chatpb.NullMsg) (*chatpb.Message, error) {
	return introduce(s.screen), nil
}

func introduce(s *screen) *chatpb.Message {
	e := history.Event{Kind: history.Recv, Op: "GetInformation", ID: s.env.Node().Name}
	e.Msg = rpc.Request(e.Op, e.ID)
	s.env.Record(e)
	answer := &chatpb.Message{Time: s.clock(), Sender: called(s.person), Msg: "OK"}
	e.Kind, e.Msg = history.Send, rpc.Answer(e.Op, e.ID)
	s.env.Record(e)
	return answer
}

// chat is the document's method of that name ("Chatter").
func chat(ctx context.Context, s *screen, other string) error {
	channel, err := rpc.Dial(s.env, other)
	if err != nil {
		return err
	}
	defer channel.Close()
	stub := chatpb.NewChattingServiceClient(channel)

	s.print("Waiting for other peer to connect...")
	var peer *chatpb.Message
	for peer == nil { // who is there is asked once, and held to be so for ever
		var err error
		peer, err = stub.GetInformation(rpc.About(ctx, history.Event{ID: other}), &chatpb.NullMsg{})
		if err != nil {
			if err := lab.Rest(ctx, s.env.Params().Duration("poll")); err != nil {
				return err
			}
		}
	}
	s.welcome(peer.GetSender())

	return talk(ctx, s, func(ctx context.Context, text string) error {
		p := s.env.Params()
		var open error // of a try after which the line may be shown
		for n := 0; ; n++ {
			// Without a deadline: an answer that is lost is waited for for ever, and
			// nothing can be typed.
			_, err := stub.SendMessage(rpc.About(ctx, about(text)), &chatpb.Message{Time: s.clock(), Sender: called(s.person), Msg: text})
			if err == nil {
				s.own(s.clock(), text, true) // only now, behind what the other has said meanwhile
				return nil
			}
			s.print("Other peer unreachable. Future messages may be lost.") // and this one, or it is not
			if !rpc.Refused(err) {
				open = err
			}
			if n == p.Int("retype") || s.env.Terminal() != nil || lab.Rest(ctx, p.Duration("every")) != nil {
				if open != nil {
					return open
				}
				return err
			}
		}
	})
}

// readConsoles reads the lines off the two consoles, as people would. Whose
// screen a console is says the command by which the program was started.
func readConsoles(_ context.Context, o lab.Observer) ([]history.Event, error) {
	var entries []history.Event
	for _, machine := range []string{anouk, davide} {
		person := machine
		for _, line := range o.Console(machine) {
			if started, ok := strings.CutPrefix(line, prompt); ok {
				person = strings.ToLower(strings.Fields(started)[0])
			} else if text, ok := readLine(line); ok {
				e := about(text)
				e.Node = person
				entries = append(entries, e)
			}
		}
	}
	return entries, nil
}
