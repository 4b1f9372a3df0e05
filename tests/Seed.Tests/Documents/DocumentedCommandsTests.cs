using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.Documents;

public sealed class DocumentedCommandsTests
{
    private const string Launcher = "./lpzero";

    // What the launcher does itself, with its options.
    private static readonly Dictionary<string, string[]> OfLauncher = new(StringComparer.Ordinal)
    {
        ["test"] = ["--filter", "--all"], ["setup"] = ["--cuda", "--pbm"], ["publish"] = [],
    };

    public static IEnumerable<object[]> Pages() => Markdown.Pages.Select(page => new object[] { page.Path });

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_is_one_of_the_program(string path)
    {
        Assert.Empty(Markdown.Code(Markdown.Page(path)).Select(code => Problem(code.Code, code.IsBlock)).OfType<string>());
    }

    [Fact]
    public void The_pages_for_users_have_commands()
    {
        foreach (var page in new[] { "README.md", "docs/operations.md" })
        {
            Assert.True(Markdown.Code(Markdown.Page(page)).Count(code => Arguments(code.Code) is not null) > 10);
        }
    }

    [Theory]
    [InlineData("./lpzero demo", true, null)]
    [InlineData("LPZERO_DB='a b' ./lpzero search start --benchmark x --name 'a b' > log  # and so on", true, null)]
    [InlineData("./lpzero search satrt", true, "satrt")]
    [InlineData("./lpzero demo --sead 1", false, "--sead")]
    [InlineData("./lpzero search start --benchmark x", true, "--name")]
    [InlineData("./lpzero search start", false, null)]
    [InlineData("./lpzero node ...", true, null)]
    [InlineData("./lpzero test --al", true, "--al")]
    public void A_command_that_there_is_not_is_found(string code, bool isBlock, string? named)
    {
        var problem = Problem(code, isBlock);
        Assert.Equal(named is null, problem is null);
        Assert.Contains(named ?? "", problem ?? "", StringComparison.Ordinal);
    }

    /// <summary>What is wrong with a piece of code; null where it is no command of the program, or a right one.</summary>
    private static string? Problem(string code, bool isBlock)
    {
        if (Arguments(code) is not { } arguments)
        {
            return null;
        }

        if (arguments.Count > 0 && OfLauncher.TryGetValue(arguments[0], out var options))
        {
            var given = arguments.Skip(1).Where(word => word.StartsWith("--", StringComparison.Ordinal));
            var unknown = given.FirstOrDefault(word => !options.Contains(word, StringComparer.Ordinal));
            return unknown is null ? null : $"{code}: {unknown}";
        }

        // Within text a command may be named by its beginning, and dots stand for what is said elsewhere.
        var isPart = !isBlock || arguments.Contains("...");
        var parsed = Commands.Root().Parse([.. arguments.TakeWhile(word => word != "...")]);
        return parsed.UnmatchedTokens.Count > 0 ? $"{code}: {parsed.UnmatchedTokens[0]}"
            : !isPart && parsed.Errors.Count > 0 ? $"{code}: {parsed.Errors[0].Message}"
            : null;
    }

    private static IReadOnlyList<string>? Arguments(string code)
    {
        var words = ShellWords.Of(code);
        var before = words.TakeWhile(word => word != Launcher).ToList();
        return before.Count < words.Count && before.TrueForAll(word => word.Contains('=')) ? [.. words.Skip(before.Count + 1)] : null;
    }
}
