using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.CommandLine;
using Microsoft.AspNetCore.Http;

namespace LPZero.Seed.Tests.Control;

/// <summary>A configuration arrives as it was sent, whatever its preset says.</summary>
public sealed class ApiBodyTests
{
    [Fact]
    public async Task What_a_preset_has_otherwise_arrives_over_HTTP()
    {
        using var folder = new TemporaryFolder();
        var service = new RecordingService();
        await using var listening = await ControlSocket.ListenAsync(folder.File("socket"), service);
        using var client = await HttpSearchService.ToOwnerAsync(folder.File("socket"), CancellationToken.None);
        foreach (var preset in SearchConfiguration.Presets.Values)
        {
            SearchConfiguration[] configurations =
            [
                preset,
                preset with { Fitness = FitnessTarget.Truth },
                preset with { Answer = AnswerRule.Proxy },
                preset with { Fitness = FitnessTarget.Truth, Prefix = RankingNames.LayersThenHiddenSize },
                preset with { Fitness = FitnessTarget.Residual, Answer = AnswerRule.Ensemble, Shapes = null, Version = 2 },
                new SearchConfiguration { Preset = preset.Preset },
            ];
            foreach (var sent in configurations)
            {
                await client!.StartAsync(new StartRequest("first", sent, SmallBenchmark.Create()), CancellationToken.None);
                Assert.Equal(Stored(sent), Stored(service.Started!.Configuration));
            }
        }
    }

    [Fact]
    public async Task What_a_version_before_has_printed_means_the_same_again()
    {
        var before = new SearchConfiguration { Preset = "default", Version = 2 };
        Assert.DoesNotContain("fitness", Stored(before), StringComparison.Ordinal);
        Assert.Contains("\"fitness\":\"truth\"", JsonSerializer.Serialize(before, MessageJson.Whole), StringComparison.Ordinal);
        foreach (var printed in new[] { Stored(before), JsonSerializer.Serialize(before, MessageJson.Indented) })
        {
            Assert.Equal(Stored(before), Stored(await ReadAsync(printed)));
        }

        // Of a few fields the others are what that version's default had.
        Assert.Equal(
            Stored(before with { Iterations = 7 }),
            Stored(await ReadAsync("""{"version": 2, "iterations": 7, "searchArchitectures": 100, "sequenceLength": 128}""")));
        Assert.Equal(FitnessTarget.Smoothed, (await ReadAsync("{}")).Fitness);
    }

    private static async Task<SearchConfiguration> ReadAsync(string configuration)
    {
        var body = new JsonObject
        {
            ["name"] = "first",
            ["benchmark"] = JsonSerializer.SerializeToNode(SmallBenchmark.Create(), MessageJson.Options),
            ["configuration"] = JsonNode.Parse(configuration),
        };
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body));
        return (await ApiBody.ReadRunAsync(request, new RecordingService(), CancellationToken.None)).Configuration;
    }

    private static string Stored(SearchConfiguration configuration) => JsonSerializer.Serialize(configuration, MessageJson.Options);
}
