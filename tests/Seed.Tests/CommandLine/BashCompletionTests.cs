using System.Diagnostics;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class BashCompletionTests
{
    [Theory]
    [InlineData("lpzero de", "demo")]
    [InlineData("lpzero t", "test transfer")]
    [InlineData("lpzero search sta", "start status")]
    [InlineData("lpzero search benchmark ", "--ca --config --connect --help list")]
    [InlineData("lpzero search start --popu", "--population")]
    [InlineData("lpzero search start --seed 4 --sampling ", "drawn first")]
    [InlineData("lpzero --connect h search leader", "leaderboard")]
    [InlineData("lpzero search start --name search --pres", "--preset")]
    [InlineData("lpzero search start --name ", "")]
    public async Task The_tabulator_offers_what_may_come_next(string line, string expected)
    {
        var script = BashCompletion.Script(Commands.Root(), "test") + """
            read -ra COMP_WORDS <<<"$1"
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _lpzero
            echo "${COMPREPLY[*]}"
            """;
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["--norc", "-c", script, "bash", line])
            {
                RedirectStandardOutput = true, UseShellExecute = false,
            })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal(0, bash.ExitCode);
        Assert.Equal(expected, output.Trim());
    }
}
