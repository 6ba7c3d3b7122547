package userservice

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"faultlab/systems/userservice/userpb"
)

// batchKey is the metadata key of a client's name for its batch.
const batchKey = "batch-id"

// What a batch may hold. A user's texts may have so many bytes.
const (
	mostUsers   = 1000
	longestText = 200
)

// CreateUsers takes a batch and creates it when the client says that it is
// whole: at the half-close. A stream that breaks before has created nothing. Of
// one that breaks after, the client asks again under the same name.
//
// A client that gives no name, as the document's, gets its batch wholly or not
// at all as well, but has no second try.
func (s *service) CreateUsers(stream grpc.ClientStreamingServer[userpb.CreateUserRequest, userpb.CreateUsersResponse]) error {
	batch := first(stream.Context(), batchKey)
	if len(batch) > longestText {
		return status.Errorf(codes.InvalidArgument, "the %s is over %d bytes", batchKey, longestText)
	}
	var wanted []*userpb.CreateUserRequest
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		s.env.Printf("[CreateUsers] Received user #%d: %s", len(wanted)+1, in.GetName())
		if err := check(in, len(wanted)); err != nil {
			return err
		}
		wanted = append(wanted, in)
		if err := busy(s.ctx, s.env, stream.Context(), s.env.Params().Duration("create_pace")); err != nil {
			return err
		}
	}
	made, err := s.table.create(batch, wanted)
	if err != nil {
		return err
	}
	return stream.SendAndClose(&userpb.CreateUsersResponse{CreatedCount: int32(len(made)), Users: made})
}

// check says what is wrong with the next user of a batch that has so many.
func check(in *userpb.CreateUserRequest, have int) error {
	switch {
	case have == mostUsers:
		return status.Errorf(codes.InvalidArgument, "a batch has at most %d users", mostUsers)
	case in.GetName() == "" || len(in.GetName()) > longestText || len(in.GetEmail()) > longestText:
		return status.Errorf(codes.InvalidArgument, "user #%d: a name has 1 to %d bytes, an email no more", have+1, longestText)
	case in.GetAge() < 0:
		return status.Errorf(codes.InvalidArgument, "user #%d: the age is negative", have+1)
	}
	return nil
}

// first gives the first value of a metadata key, or nothing.
func first(ctx context.Context, key string) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}
