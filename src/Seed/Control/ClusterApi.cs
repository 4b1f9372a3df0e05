using LPZero.Messages;
using LPZero.Messages.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static LPZero.Seed.Control.ControlApi;

namespace LPZero.Seed.Control;

/// <summary>What is to become of a member.</summary>
/// <param name="Operation">Leave or Down.</param>
public sealed record MemberRequest(string Operation);

/// <summary>The nodes of the control API, and their cluster as people who use Akka know it.</summary>
internal static class ClusterApi
{
    private const string Group = "cluster";

    public static void Map(IEndpointRouteBuilder api, Func<ISearchService> service)
    {
        api.MapGet("/nodes", async (string? limit, string? after, CancellationToken stop) =>
                Json(ApiPage.Of(await service().NodesAsync(stop), node => node.Address, limit, after)))
            .Describe(Group, "listNodes", "The nodes and what they compute with.").Produces<ApiPage<NodeListing>>();
        api.MapGet("/devices", async (string? limit, string? after, CancellationToken stop) => Json(ApiPage.Of(
                (await service().NodesAsync(stop)).Where(node => node.Device is not null), node => node.Address, limit, after)))
            .Describe(Group, "listDevices", "The nodes that compute.").Produces<ApiPage<NodeListing>>();
        api.MapGet("/cluster/members", async (CancellationToken stop) => Json(await service().MembersAsync(stop)))
            .Describe(Group, "getMembers", "The members of the cluster as the node sees them.").Produces<ClusterMembership>()
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPut("/cluster/members/{**address}", async (string address, HttpRequest request, CancellationToken stop) =>
            {
                var operation = await OperationAsync(request, stop);
                var member = await service().ChangeMemberAsync(Uri.UnescapeDataString(address), operation, stop);
                return Json(new { message = $"{(operation == MemberOperation.Leave ? "Leaving" : "Downing")} {member}", member });
            })
            .Describe(Group, "changeMember", "Lets a member leave, or holds it dead: operation is Leave or Down.")
            .Accepts<MemberRequest>("application/json", "application/x-www-form-urlencoded")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/cluster/shards/{region}", async (string region, CancellationToken stop) =>
                Json(await service().ShardsAsync(region, stop)))
            .Describe(Group, "getShards", "The shards of a region: runs, or batches-DIGEST.").Produces<ShardListings>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<MemberOperation> OperationAsync(HttpRequest request, CancellationToken stop)
    {
        var text = request.HasFormContentType
            ? await FieldAsync(request, stop)
            : (await ApiBody.ReadAsync<MemberRequest>(request, "no operation", stop)).Operation;
        return Enum.GetValues<MemberOperation>().Cast<MemberOperation?>().FirstOrDefault(
                known => string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase))
            ?? throw new SearchServiceException(
                $"operation '{PrintableText.Escape(PrintableText.Shorten(text))}': give one of " +
                string.Join(", ", Enum.GetNames<MemberOperation>()),
                SearchFailure.Unfit, "operation");
    }

    private static async Task<string> FieldAsync(HttpRequest request, CancellationToken stop)
    {
        try
        {
            return (await request.ReadFormAsync(stop))["operation"].ToString();
        }
        catch (Exception problem) when (problem is InvalidDataException or InvalidOperationException)
        {
            throw new SearchServiceException($"the form cannot be read: {problem.Message}", SearchFailure.Malformed);
        }
    }
}
