using System.CommandLine;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero completion bash</c></summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var bash = new DescribedCommand(
            "bash", "Print what completes commands and options in bash.", "completion bash > lpzero.bash && . ./lpzero.bash");
        bash.SetAction(parsed =>
        {
            var isLaunched = Environment.GetEnvironmentVariable("LPZERO_ROOT") is not null;
            Console.Out.Write(BashCompletion.Script(
                parsed.RootCommandResult.Command, besides: isLaunched ? ["publish", "setup", "test"] : []));
            return ExitCode.Done;
        });
        return new DescribedCommand("completion", "Complete commands and options in a shell.", "completion bash") { bash };
    }
}
