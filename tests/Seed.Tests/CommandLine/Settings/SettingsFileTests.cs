using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Settings;

namespace LPZero.Seed.Tests.CommandLine.Settings;

public sealed class SettingsFileTests : IDisposable
{
    private static readonly string[] Keys = ["seed", "inputs", "preset"];

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-settings-").FullName;

    private string File => Path.Combine(folder, "run.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_value_has_the_line_that_it_stands_in_and_a_list_is_as_good_as_commas()
    {
        var values = Read("# a search\nseed: 7\n\ninputs: [A, W]\npreset: 'paper'\n");
        Assert.Equal([("seed", "7"), ("inputs", "A,W"), ("preset", "paper")], values.Select(value => (value.Key, value.Text)));
        Assert.Equal([$"{File}, line 2", $"{File}, line 4", $"{File}, line 5"], values.Select(value => value.Origin));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("{}\n")]
    public void A_file_may_say_nothing(string text) => Assert.Empty(Read(text));

    [Theory]
    [InlineData("seed: 1\nsead: 7\n", "line 2: 'sead' is no setting: did you mean seed, ")]
    [InlineData("seed: 1\nseed: 2\n", "line 2: 'seed' is there already; give it once")]
    [InlineData("seed:\n", "line 1: seed: give a value, or a list of values, or leave the key out")]
    [InlineData("seed: {a: 1}\n", "line 1: seed: give a value")]
    [InlineData("inputs: []\n", "line 1: inputs: give a value")]
    [InlineData("inputs: [[A]]\n", "line 1: inputs: give a value")]
    [InlineData("seed: &a 1\ninputs: *a\n", "line 2: inputs: give a value")]
    [InlineData("- seed\n", "line 1: give a mapping, a line KEY: VALUE for each setting")]
    [InlineData("seed\n", "line 1: 'seed' is no setting; write KEY: VALUE")]
    [InlineData("[seed]: 1\n", "line 1: ")]
    [InlineData("seed: 1\n---\nseed: 2\n", "line 2: a second document begins; give one")]
    [InlineData("seed: 'a\n", "is not valid YAML")]
    [InlineData("seed: [1\n", "is not valid YAML")]
    public void What_cannot_be_meant_is_named_with_its_line_and_the_mend(string text, string expected)
    {
        var message = Assert.Throws<UsageException>(() => Read(text)).Message;
        Assert.StartsWith(File, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        Assert.Contains("there is no such configuration file",
            Assert.Throws<UsageException>(() => SettingsFile.Read(File, Keys)).Message, StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, [0x73, 0xFF]);
        Assert.Contains("is not UTF-8",
            Assert.Throws<UsageException>(() => SettingsFile.Read(File, Keys)).Message, StringComparison.Ordinal);
    }

    private IEnumerable<SettingValue> Read(string text)
    {
        System.IO.File.WriteAllText(File, text);
        return SettingsFile.Read(File, Keys);
    }
}
