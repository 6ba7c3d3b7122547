package userservice

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/systems/userservice/userpb"
)

// GetUsers lists the users that there are at the moment, those with an id up to
// after_id left out: a list that broke goes on behind the last user that came.
// Ids only grow and nobody is ever taken out, so that nobody is left out and
// nobody comes twice, whatever is created meanwhile.
func (s *service) GetUsers(in *userpb.GetUsersRequest, stream grpc.ServerStreamingServer[userpb.UserResponse]) error {
	if in.GetLimit() < 0 || in.GetAfterId() < 0 {
		return status.Error(codes.InvalidArgument, "limit and after_id are not negative")
	}
	users, err := s.table.all()
	if err != nil {
		return err
	}
	users = users[min(int(in.GetAfterId()), len(users)):]
	if limit := int(in.GetLimit()); limit > 0 {
		users = users[:min(limit, len(users))]
	}
	for _, user := range users {
		if err := busy(s.ctx, s.env, stream.Context(), s.env.Params().Duration("list_pace")); err != nil {
			return err
		}
		if err := stream.Send(user); err != nil {
			return err
		}
	}
	return nil
}
