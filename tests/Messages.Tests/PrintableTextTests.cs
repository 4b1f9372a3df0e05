using LPZero.Messages.Control;

namespace LPZero.Messages.Tests;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("größer α 漢字 𝔖")]
    public void What_a_terminal_shows_is_printable(string text)
    {
        Assert.Null(PrintableText.FindProblem(text));
        Assert.Equal(text, PrintableText.Escape(text));
    }

    [Theory]
    [InlineData("a\u001b[31m", "a\\u{1B}[31m")]
    [InlineData("a\u009b", "a\\u{9B}")]
    [InlineData("\u202eabc", "\\u{202E}abc")]
    [InlineData("a\nb", "a\\u{A}b")]
    public void What_steers_a_terminal_is_not_and_is_escaped(string text, string escaped)
    {
        Assert.NotNull(PrintableText.FindProblem(text));
        Assert.Equal(escaped, PrintableText.Escape(text));
    }

    [Fact]
    public void A_long_text_keeps_its_beginning_and_its_end()
    {
        var text = "begin" + new string('x', 1000) + "end";
        var shortened = PrintableText.Shorten(text);
        Assert.Equal(200, shortened.Length);
        Assert.StartsWith("begin", shortened, StringComparison.Ordinal);
        Assert.EndsWith("end", shortened, StringComparison.Ordinal);
        Assert.Equal("short", PrintableText.Shorten("short"));
    }

    [Theory]
    [InlineData("first", true)]
    [InlineData("a.b-c_9", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-x", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\nb", false)]
    public void A_run_has_a_name_that_a_folder_can_have(string? name, bool valid) => Assert.Equal(valid, RunName.IsValid(name));

    [Fact]
    public void A_name_has_at_most_100_characters()
    {
        Assert.True(RunName.IsValid(new string('x', 100)));
        Assert.False(RunName.IsValid(new string('x', 101)));
        Assert.Null(PrintableText.FindProblemOfName(new string('x', 100)));
        Assert.NotNull(PrintableText.FindProblemOfName(new string('x', 101)));
    }
}
