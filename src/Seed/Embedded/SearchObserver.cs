using LPZero.Coordinator.Run;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Embedded;

/// <summary>Where a run in this process stands.</summary>
/// <param name="State">The search's state.</param>
/// <param name="Activity">What is being done, such as "computing terms".</param>
/// <param name="Terms">How far the requests of this round have come, while some are under way.</param>
/// <param name="Seconds">Time since this process took the run.</param>
/// <param name="Evaluations">Proxies scored by this process.</param>
/// <param name="TermHits">Terms that this process needed and knew.</param>
/// <param name="TermsNeeded">Terms that this process needed.</param>
/// <param name="SearchNetworks">Networks that the search ranks.</param>
/// <param name="HeldOutNetworks">Networks that are held out.</param>
public sealed record RunProgress(
    SearchState State, string Activity, TermProgress? Terms, double Seconds, int Evaluations, long TermHits, long TermsNeeded,
    int SearchNetworks, int HeldOutNetworks);
