using LPZero.Seed.CommandLine;
using Spectre.Console;

namespace LPZero.Seed.Tests.CommandLine;

public class FittedTableTests
{
    private static readonly string[] Names =
    [
        "log_softmax", "abs_log", "frobenius_norm", "min_max", "sigmoid", "0.934", "0.902", "0.863", "0.924", "held-out",
    ];

    [Theory]
    [InlineData(72)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_leaderboard_keeps_every_name_and_number_whole_and_fits_the_terminal(int width)
    {
        var lines = Lines(width);
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.All(Names, name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("* log(sqrt(H))", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_there_is_room_a_row_is_one_line()
    {
        Assert.Contains(
            Lines(200),
            line => line.Contains("log_softmax(abs_log(G)) * log(sqrt(H))", StringComparison.Ordinal)
                && line.Contains("0.863 to 0.924", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_left_over_goes_to_the_column_that_needs_it()
    {
        var table = new FittedTable("#", "words");
        table.Add("1", "many short words that can be broken anywhere");
        Assert.Equal([1, 20], table.Widths(21));
        Assert.Equal([1, 44], table.Widths(100));
    }

    private static string[] Lines(int width)
    {
        var table = new FittedTable("", "proxy", "search rho", "held-out rho", "95% interval", "held-out tau-a", "held-out tau-b");
        table.Add("1", "log_softmax(abs_log(G)) * log(sqrt(H))", "0.934", "0.902", "0.863 to 0.924", "0.711", "0.713");
        table.Add("10", "min_max(frobenius_norm(S)) - sigmoid(log_softmax(H))", "0.930");
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        table.Write(console);
        return output.ToString().Split('\n');
    }
}
