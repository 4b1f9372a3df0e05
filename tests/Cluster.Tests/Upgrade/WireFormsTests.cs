using System.Text.Json.Nodes;
using LPZero.Cluster.Tests.Wire;
using LPZero.Seed.Wire;

namespace LPZero.Cluster.Tests.Upgrade;

/// <summary>Messages, events and snapshots as earlier versions have written them.</summary>
public sealed class WireFormsTests
{
    private const string Kind = "wire";
    private const string Ending = ".txt";

    public static TheoryData<string> Stored => [.. StoredForms.Names(Kind, Ending)];

    [Fact]
    public async Task Each_form_on_the_wire_and_in_the_journal_has_a_file_of_its_own()
    {
        foreach (var entry in WireCatalog.Entries.Where(entry => StoredForms.IsWanted(Kind, entry.Manifest + Ending)))
        {
            var sample = WireSerializerTests.Samples().First(message => message.GetType() == entry.Type);
            await File.WriteAllLinesAsync(
                StoredForms.File(Kind, entry.Manifest + Ending),
                [Convert.ToBase64String(entry.Write(sample)), Text(sample).ToJsonString()]);
        }

        var missing = WireCatalog.Entries.Select(entry => entry.Manifest).Except(StoredForms.Names(Kind, Ending));
        Assert.True(!missing.Any(), $"without a file: {string.Join(", ", missing)}: write them with LPZERO_REGENERATE_GOLDEN=1");
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task What_an_earlier_version_has_written_is_read_as_it_was_meant(string manifest)
    {
        var lines = await File.ReadAllLinesAsync(StoredForms.File(Kind, manifest + Ending));
        var read = WireSerializer.Read(Convert.FromBase64String(lines[0]), manifest);
        Assert.Empty(StoredForms.Differences(JsonNode.Parse(lines[1]), Text(read)));
    }

    [Fact]
    public void What_differs_is_found_and_what_was_added_is_not()
    {
        var written = JsonNode.Parse("""{"a":1,"b":[{"c":2},3]}""");
        Assert.Empty(StoredForms.Differences(written, JsonNode.Parse("""{"b":[{"c":2,"new":true},3],"a":1,"new":4}""")));
        Assert.Equal(["$.a: written 1, read 2"], StoredForms.Differences(written, JsonNode.Parse("""{"a":2,"b":[{"c":2},3]}""")));
        Assert.Equal(["$.b[0].c: written 2, read "], StoredForms.Differences(written, JsonNode.Parse("""{"a":1,"b":[{},3]}""")));
        Assert.Single(StoredForms.Differences(written, JsonNode.Parse("""{"a":1,"b":[{"c":2}]}""")));
    }

    private static JsonNode Text(object message)
    {
        var text = WireSerializerTests.Text(message);
        return text.StartsWith('{') ? JsonNode.Parse(text)! : JsonValue.Create(text);
    }
}
