using LPZero.Messages.Control;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class RunFollowerTests
{
    private static readonly RunStatus Running = new(
        "run", "running", Iteration: 1, Iterations: 5, Evaluations: 7, BestRho: null, BestExpression: null, NumericProfile: null,
        RequestsDone: 0, RequestsAll: 0, Activity: "", Problem: null);

    private static readonly SearchServiceException Away = new("the owner is starting again", SearchFailure.Away);

    [Fact]
    public async Task An_owner_that_failed_in_passing_is_asked_again_when_it_is_back()
    {
        var (resumes, asks) = (0, 0);
        var follower = Follower(() => ++asks < 3 ? throw Away : Running);

        await follower.ResumeAsync(() => ++resumes < 2 ? throw Away : Task.FromResult(Running), CancellationToken.None);

        Assert.Equal((2, 3), (resumes, asks));
    }

    [Fact]
    public async Task A_problem_that_paused_the_run_while_its_owner_was_waited_for_is_said()
    {
        var follower = Follower(() => Running with { State = "paused", Problem = "the journal cannot be read" });

        var problem = await Assert.ThrowsAsync<SearchServiceException>(
            () => follower.ResumeAsync(() => throw Away, CancellationToken.None));

        Assert.Equal("run 'run' was paused by a problem: the journal cannot be read", problem.Message);
    }

    [Fact]
    public async Task A_run_that_cannot_go_on_is_not_asked_twice()
    {
        var resumes = 0;
        var refused = new SearchServiceException("run 'run' is being worked on by another process");
        var follower = Follower(() => throw new InvalidOperationException("nobody asks where it stands"));

        Assert.Same(refused, await Assert.ThrowsAsync<SearchServiceException>(() => follower.ResumeAsync(Refuse, CancellationToken.None)));

        Assert.Equal(1, resumes);

        Task<RunStatus> Refuse()
        {
            resumes++;
            throw refused;
        }
    }

    [Fact]
    public async Task Nobody_waits_for_an_owner_whose_database_can_never_work()
    {
        var follower = new RunFollower(_ => throw Away, "run", TimeSpan.Zero, Task.FromResult("the database is of another version"));

        Assert.Same(Away, await Assert.ThrowsAsync<SearchServiceException>(
            () => follower.ResumeAsync(() => throw Away, CancellationToken.None)));
    }

    [Fact]
    public async Task A_run_that_goes_on_is_followed_also_where_its_owner_starts_again_before_it_was_seen()
    {
        var asks = 0;
        var follower = Follower(() => ++asks < 2 ? throw Away : Running with { State = "finished" });
        await follower.ResumeAsync(() => Task.FromResult(Running), CancellationToken.None);

        var ended = await follower.FollowAsync(_ => Task.CompletedTask, CancellationToken.None);

        Assert.Equal("finished", ended.State);
    }

    private static RunFollower Follower(Func<RunStatus> ask) =>
        new(_ => Task.FromResult(ask()), "run", TimeSpan.Zero);
}
