using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LPZero.Cluster.Tests.Control;

/// <summary>What is written about the API against the API.</summary>
public sealed partial class ApiDescriptionTests
{
    private static readonly string Documents = Path.Combine(Repository.Root!, "docs");

    [Fact]
    public async Task The_stored_description_is_the_one_that_the_server_gives()
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        var given = (await served.Client.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").Trim() + "\n";
        var file = Path.Combine(Documents, "openapi.json");
        if (Environment.GetEnvironmentVariable("LPZERO_REGENERATE_GOLDEN") is not null)
        {
            await File.WriteAllTextAsync(file, given);
        }

        Assert.True(
            given == await File.ReadAllTextAsync(file), "docs/openapi.json is another: write it anew with LPZERO_REGENERATE_GOLDEN=1");
    }

    [Fact]
    public async Task Each_request_that_the_guide_shows_is_one_of_the_description_and_each_of_these_is_in_the_guide()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Documents, "api.md"));
        var paths = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Documents, "openapi.json")))!["paths"]!.AsObject();
        var commands = guide.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var path = RequestPath().Match(command).Groups["path"].Value;
            var method = Method().Match(command) is { Success: true } given ? given.Groups["method"].Value
                : command.Contains(" -d ", StringComparison.Ordinal) ? "POST" : "GET";
            Assert.True(
                paths.Any(known => IsOf(path, known.Key) && known.Value!.AsObject().ContainsKey(method.ToLowerInvariant())),
                command);
        }

        Assert.All(paths, known => Assert.Contains(known.Key.Split('/').Last(part => part[0] != '{'), guide, StringComparison.Ordinal));
    }

    private static bool IsOf(string path, string template) =>
        Regex.IsMatch(path, $"^{Variable().Replace(template, "[^/]+")}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex("https?://[^/ ]+(?<path>/api/[^?' ]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestPath();

    [GeneratedRegex(" -X (?<method>[A-Z]+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();

    [GeneratedRegex("\\{[^}]+\\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
